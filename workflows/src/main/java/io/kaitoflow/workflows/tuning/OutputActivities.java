package io.kaitoflow.workflows.tuning;

import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.temporal.activity.ActivityInterface;

/** Looks after outputs that an earlier run made. */
@ActivityInterface(namePrefix = "Output.")
public interface OutputActivities {

    /**
     * @param id whose output
     * @param target where it should lie, with the secret that may read it
     * @param image as it was pushed, with its digest
     */
    record Input(WorkspaceId id, OutputTarget target, PushedImage image) {}

    /** Whether the output is there. */
    enum Presence {
        PRESENT,
        ABSENT,
        /** Nobody could be asked. */
        UNKNOWN
    }

    /** @param words what was answered, where it is not present */
    record Finding(Presence presence, String words) {}

    /** Looks for exactly these bytes; never fails because of what it finds. */
    Finding find(Input input);

    /**
     * @param id whose result
     * @param from as it was pushed
     * @param adapter whose weights these are
     * @param baseModel that it was trained on
     * @param to an image, with the secret that opens its registry and the first one
     * @param accepted whether it may have its own tag
     */
    record Move(
            WorkspaceId id,
            PushedImage from,
            AdapterArtifact adapter,
            String baseModel,
            OutputTarget to,
            boolean accepted) {}

    /** Pushes exactly what was pushed before to another place, where it is pulled back and compared; it fails as a push does. */
    PushedImage move(Move move);

    /**
     * @param id whose checkpoints
     * @param target beside which they lie, with the secret that opens it
     */
    record Shelf(WorkspaceId id, OutputTarget target) {}

    /**
     * Forgets the checkpoints of a workspace.
     *
     * <p>Fails with {@code REGISTRY_UNAVAILABLE}; one that refuses has its way.
     *
     * @return how many there were
     */
    int forgetCheckpoints(Shelf shelf);
}
