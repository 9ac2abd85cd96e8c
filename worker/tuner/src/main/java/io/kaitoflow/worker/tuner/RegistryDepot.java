package io.kaitoflow.worker.tuner;

import io.kaitoflow.activities.checkpoint.Checkpoint;
import io.kaitoflow.activities.checkpoint.CheckpointDepot;
import io.kaitoflow.activities.checkpoint.CheckpointException;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.activities.image.checkpoint.CheckpointImages;
import io.kaitoflow.activities.image.checkpoint.CheckpointImages.Kept;
import io.kaitoflow.activities.image.checkpoint.CheckpointImages.Place;
import io.kaitoflow.presets.Digest;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checkpoints beside the image that the training is to become.
 *
 * @param images that are pushed and pulled
 * @param place whose they are
 * @param run whose checkpoints count
 */
record RegistryDepot(CheckpointImages images, Place place, Digest run) implements CheckpointDepot {

    private static final Logger LOG = LoggerFactory.getLogger(RegistryDepot.class);

    @Override
    public List<Long> steps() {
        return call(() -> own().stream().map(Kept::step).toList());
    }

    @Override
    public void fetch(long step, Path folder) {
        call(() -> {
            own().stream().filter(kept -> kept.step() == step).findFirst().ifPresent(kept -> fetch(kept, folder));
            return step;
        });
    }

    /** What is damaged there arrives incomplete, and whoever asked finds that out; it is no reason not to ask for another. */
    private void fetch(Kept kept, Path folder) {
        try {
            images.fetch(place, kept, folder);
        } catch (ImageException.Corrupt | ImageException.NotAnAdapter damaged) {
            LOG.warn("A checkpoint in the registry is damaged: {}", damaged.getMessage());
        }
    }

    @Override
    public void store(Checkpoint checkpoint) {
        call(() -> {
            images.push(place, run, checkpoint.position().step(), checkpoint.folder());
            return checkpoint;
        });
    }

    private List<Kept> own() {
        return images.newestFirst(place).stream()
                .filter(kept -> kept.run().equals(run.value()))
                .toList();
    }

    private static <T> T call(Supplier<T> call) {
        try {
            return call.get();
        } catch (ImageException refused) {
            throw new CheckpointException.Unreachable(refused.kind(), String.valueOf(refused.getMessage()), refused);
        }
    }
}
