package io.kaitoflow.activities.image;

import io.kaitoflow.activities.image.checkpoint.CheckpointImages;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.failure.ActivityFailures;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.tuning.OutputActivities;
import io.kaitoflow.workflows.tuning.PushedImage;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Asks the registry for the manifest with exactly the digest that was pushed. */
public final class OutputActivitiesImpl implements OutputActivities {

    private final Function<WorkspaceId, AdapterImages> images;
    private final Function<WorkspaceId, Optional<CheckpointImages>> checkpoints;

    /**
     * @param images that read the secrets of a workspace's namespace
     * @param checkpoints by the same secrets; none where machines keep their own
     */
    public OutputActivitiesImpl(
            Function<WorkspaceId, AdapterImages> images,
            Function<WorkspaceId, Optional<CheckpointImages>> checkpoints) {
        this.images = images;
        this.checkpoints = checkpoints;
    }

    @Override
    public Finding find(Input input) {
        return ActivityFailures.call(() -> switch (input.target()) {
            case OutputTarget.Image target ->
                find(
                        input.image().image().withDigest(input.image().digest()),
                        input.image().digest(),
                        images.apply(input.id()),
                        target);
            case OutputTarget.Volume _ ->
                new Finding(Presence.UNKNOWN, "It lies in a volume, which is seen by pods alone.");
        });
    }

    @Override
    public PushedImage move(Move move) {
        return ActivityFailures.call(() -> switch (move.to()) {
            case OutputTarget.Image target ->
                images.apply(move.id())
                        .move(
                                move.from(),
                                move.adapter(),
                                move.baseModel(),
                                ImageActivitiesImpl.named(target.image(), move.accepted()),
                                target.pushSecret().map(List::of).orElse(List.of()));
            case OutputTarget.Volume volume ->
                throw new IllegalArgumentException("Nothing is moved into a volume, as into " + volume + ".");
        });
    }

    @Override
    public int forgetCheckpoints(Shelf shelf) {
        return ActivityFailures.call(() -> switch (shelf.target()) {
            case OutputTarget.Image target ->
                checkpoints
                        .apply(shelf.id())
                        .map(kept -> kept.forget(new CheckpointImages.Place(
                                target.image(),
                                target.pushSecret().map(List::of).orElse(List.of()),
                                shelf.id().uid())))
                        .orElse(0);
            // What lies in a volume is the user's.
            case OutputTarget.Volume _ -> 0;
        });
    }

    private static Finding find(ImageReference image, Digest digest, AdapterImages images, OutputTarget.Image target) {
        try {
            Digest found =
                    images.resolve(image, target.pushSecret().map(List::of).orElse(List.of()));
            return found.equals(digest)
                    ? new Finding(Presence.PRESENT, "")
                    : new Finding(Presence.ABSENT, "The registry gives " + found + " in its place.");
        } catch (ImageException.NotAnAdapter gone) {
            return new Finding(Presence.ABSENT, String.valueOf(gone.getMessage()));
        } catch (ImageException unanswered) {
            return new Finding(Presence.UNKNOWN, String.valueOf(unanswered.getMessage()));
        }
    }
}
