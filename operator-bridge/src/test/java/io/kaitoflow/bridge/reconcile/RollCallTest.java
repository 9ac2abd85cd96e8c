package io.kaitoflow.bridge.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;
import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RollCallTest {

    private final RecordingGateway gateway = new RecordingGateway();
    private final Workspace workspace = Samples.saved("a", 1);
    private final WorkspaceId id = WorkspaceTranslator.idOf(workspace);
    private final RollCall rollCall = new RollCall(gateway);

    @Test
    void aRunThatIsThereIsNotMissing() {
        gateway.desire(id, wish());

        assertThat(missing()).isEmpty();
        assertThat(missing()).isEmpty();
    }

    @Test
    void aListMayLagBehindSoOnlyTheSecondAbsenceCounts() {
        assertThat(missing()).isEmpty();
        assertThat(missing()).containsExactly(id);
    }

    @Test
    void whoIsBackIsNotMissing() {
        assertThat(missing()).isEmpty();
        gateway.desire(id, wish());
        assertThat(missing()).isEmpty();
    }

    private List<WorkspaceId> missing() {
        return rollCall.missing(Set.of(id), gateway.openRuns());
    }

    private static DesiredState wish() {
        return new DesiredState("f", 1, Optional.empty(), List.of());
    }
}
