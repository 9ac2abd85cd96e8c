package io.kaitoflow.activities.image;

import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.failure.ActivityFailures;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.tuning.ImageActivities;
import io.kaitoflow.workflows.tuning.PushedImage;
import io.kaitoflow.workflows.tuning.TuningProgress;
import io.temporal.activity.Activity;
import java.nio.file.Path;
import java.util.List;

/** Unpacks the request and puts the adapter where it belongs. */
public final class ImageActivitiesImpl implements ImageActivities {

    private static final String REJECTED = "-rejected";

    private final AdapterImages images;
    private final Volumes volumes;

    public ImageActivitiesImpl(AdapterImages images, Volumes volumes) {
        this.images = images;
        this.volumes = volumes;
    }

    /** Heartbeats of the running activity, for the stores that {@code images} was made with. */
    public static Pulse heartbeat() {
        return () -> Activity.getExecutionContext().heartbeat(TuningProgress.of("pushing image", 0, 0));
    }

    @Override
    public PushedImage push(Input input) {
        return ActivityFailures.call(() -> switch (input.target()) {
            case OutputTarget.Image image ->
                images.push(
                        input.adapter(),
                        input.baseModel(),
                        named(image.image(), input.accepted()),
                        image.pushSecret().map(List::of).orElse(List.of()));
            case OutputTarget.Volume volume -> copy(input, volume);
        });
    }

    private PushedImage copy(Input input, OutputTarget.Volume volume) {
        Path folder = volumes.results(volume.volume());
        Path results = input.accepted() ? folder : folder.resolve("rejected");
        new ResultFolder(results).take(Path.of(input.adapter().path()));
        PushedImage kept = images.keepLocally(
                input.adapter(), input.baseModel(), named(PushedImage.nameInVolume(input.id()), input.accepted()));
        return new PushedImage(kept.image(), kept.digest(), results.toString());
    }

    /** A result that the gate refused gets a tag of its own. */
    static ImageReference named(ImageReference image, boolean accepted) {
        return accepted ? image : image.withTag(image.tag() + REJECTED);
    }
}
