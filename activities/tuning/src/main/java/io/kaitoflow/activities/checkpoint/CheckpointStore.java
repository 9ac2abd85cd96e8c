package io.kaitoflow.activities.checkpoint;

import io.kaitoflow.presets.Digest;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checkpoints of one run in one folder. A checkpoint appears whole or not at all; the newest two are kept, so that
 * damage to the newest costs only the steps since the one before. One process writes at a time.
 */
public final class CheckpointStore {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
    private static final int KEPT = 2;
    private static final int RUN_DIGITS = 12;

    private final Path folder;
    private final Digest run;
    private final Consumer<Checkpoint> saved;

    /**
     * @param folder made when the first checkpoint is written; may hold those of other runs, which are left alone
     * @param run digest of everything that decides the run: base model, data, recipe
     */
    public CheckpointStore(Path folder, Digest run) {
        this(folder, run, checkpoint -> {});
    }

    /** @param saved is told of each checkpoint once it is durable, before older ones go */
    public CheckpointStore(Path folder, Digest run, Consumer<Checkpoint> saved) {
        this.folder = folder;
        this.run = run;
        this.saved = saved;
    }

    /**
     * Writes a checkpoint, durable when this returns, and forgets all but the newest two.
     *
     * @param tensors float32 memory by name
     * @throws CheckpointException.Unwritable if the system refuses; the checkpoints before are untouched
     */
    public Checkpoint save(TrainingPosition position, Map<String, MemorySegment> tensors) {
        String name = name(position.step());
        Path target = folder.resolve(name);
        try {
            CheckpointFolder.write(folder, name, run, position, tensors);
        } catch (IOException e) {
            throw new CheckpointException.Unwritable(
                    "Cannot write the checkpoint " + target + ": " + e + ". Make room on that disk; training goes on"
                            + " from the checkpoint before.",
                    e);
        }
        Checkpoint written = new Checkpoint(target, position);
        saved.accept(written);
        forgetOld();
        return written;
    }

    /**
     * Takes a checkpoint over from elsewhere. One that is damaged or of another run is passed over with a warning.
     *
     * @param filler writes its files into an empty folder
     */
    public boolean take(long step, Consumer<Path> filler) {
        try {
            CheckpointHeader header = CheckpointFolder.take(folder, name(step), filler);
            boolean own = header.run().equals(run) && header.position().step() == step;
            if (!own) {
                LOG.warn("Passing over a checkpoint of step {} that is of the run {}", step, header.run());
                CheckpointFolder.delete(folder.resolve(name(step)));
            }
            return own;
        } catch (IOException damaged) {
            LOG.warn("Passing over the damaged checkpoint of step {}: {}", step, damaged.toString());
            return false;
        }
    }

    /**
     * The newest checkpoint of this run whose every byte is right; damaged ones are passed over with a warning.
     *
     * @throws CheckpointException.Foreign if a sound checkpoint lies under this run's name but is of another run
     */
    public Optional<Checkpoint> newest() {
        return newestFirst().stream().flatMap(this::verified).findFirst();
    }

    private Stream<Checkpoint> verified(Path candidate) {
        try {
            CheckpointHeader header = CheckpointFolder.verify(candidate);
            if (!header.run().equals(run)) {
                throw new CheckpointException.Foreign("The checkpoint " + candidate + " belongs to the run "
                        + header.run() + ", not to " + run
                        + ": model, data or recipe differ. Remove it to start from the beginning.");
            }
            return Stream.of(new Checkpoint(candidate, header.position()));
        } catch (IOException e) {
            LOG.warn("Passing over the damaged checkpoint {}: {}", candidate, e.toString());
            return Stream.empty();
        }
    }

    private void forgetOld() {
        newestFirst().stream().skip(KEPT).forEach(old -> {
            try {
                CheckpointFolder.delete(old);
            } catch (IOException e) {
                LOG.warn("An old checkpoint stays on the disk: {}", e.toString());
            }
        });
    }

    private List<Path> newestFirst() {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> entry.getFileName().toString().matches(prefix() + "\\d{9}"))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new CheckpointException.Unreadable(
                    "Cannot list the checkpoints in " + folder + ": " + e + ". Check its permissions.", e);
        }
    }

    private String name(long step) {
        return prefix() + "%09d".formatted(step);
    }

    private String prefix() {
        return "checkpoint-" + run.hex().substring(0, RUN_DIGITS) + "-";
    }
}
