package io.kaitoflow.bridge.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;
import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RollCallTest {

    private final RecordingGateway gateway = new RecordingGateway();
    private final Workspace workspace = Samples.saved("a", 1);
    private final WorkspaceId id = WorkspaceTranslator.idOf(workspace);
    private final RollCall rollCall = new RollCall(gateway, () -> Stream.of(workspace));

    @Test
    void aRunThatIsThereIsNotMissing() {
        gateway.desire(id, wish());

        assertThat(rollCall.missing()).isEmpty();
        assertThat(rollCall.missing()).isEmpty();
    }

    @Test
    void aListMayLagBehindSoOnlyTheSecondAbsenceCounts() {
        assertThat(rollCall.missing()).isEmpty();
        assertThat(rollCall.missing()).containsExactly(id);
    }

    @Test
    void whoIsBackIsNotMissing() {
        assertThat(rollCall.missing()).isEmpty();
        gateway.desire(id, wish());
        assertThat(rollCall.missing()).isEmpty();
    }

    private static DesiredState wish() {
        return new DesiredState("f", 1, Optional.empty(), List.of());
    }
}
