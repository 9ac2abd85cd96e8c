package io.kaitoflow.bridge.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.parking.ParkedAdapter;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What users read of a result that could not be pushed. */
class ParkedResultTest {

    private static final WorkspaceId ID = new WorkspaceId("default", "w", "uid");
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final ParkedAdapter PARKED = new ParkedAdapter(
            new AdapterArtifact("/mnt/parked/1", Digest.ofText("weights"), 72, 0.5, 9_000, 0),
            "PersistentVolumeClaim w-parked-uid",
            "kaito.sh/retry pushes it");

    @Test
    void aFailureSaysKindEvidenceWhereItLiesAndTheCureOnce() {
        Failure failure = new Failure(FailureKind.REGISTRY_DENIED, "It was answered with 403. " + PARKED.sentence());

        Condition pushed = pushed(new Phase.Failed(failure));

        assertThat(pushed.getStatus()).isEqualTo("False");
        assertThat(pushed.getReason()).isEqualTo("REGISTRY_DENIED");
        assertThat(pushed.getMessage())
                .isEqualTo("It was answered with 403. The tuned adapter (72 steps, " + Digest.ofText("weights")
                        + ") is kept in PersistentVolumeClaim w-parked-uid; kaito.sh/retry pushes it."
                        + " Give the push secret the right to push to this repository.");
    }

    @Test
    void whereItLiesIsSaidAlsoWhenAPersonStoppedTheRunSince() {
        assertThat(pushed(new Phase.Cancelled("A person said so.")).getMessage())
                .isEqualTo("A person said so. " + PARKED.sentence());
    }

    private static Condition pushed(Phase phase) {
        StatusView view = new StatusView(
                ID, Optional.of(snapshot(phase)), false, Optional.empty(), Optional.empty(), Optional.empty(), 1, NOW);
        return Conditions.of(new StatusRenderer().render(view), "OutputPushed");
    }

    private static WorkspaceSnapshot snapshot(Phase phase) {
        return WorkspaceSnapshot.builder(ID, "f", phase)
                .adapter(Optional.of(PARKED.adapter()))
                .parked(Optional.of(PARKED))
                .build();
    }
}
