package io.kaitoflow.bridge.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OrphansTest {

    private static final WorkspaceId ALIVE = new WorkspaceId("default", "a", "uid-a");
    private static final WorkspaceId GONE = new WorkspaceId("default", "b", "uid-b");

    private final RecordingGateway gateway = new RecordingGateway();
    private final Set<WorkspaceId> holders = new HashSet<>();
    private final Set<WorkspaceId> existing = new HashSet<>(Set.of(ALIVE));
    private final Orphans orphans = new Orphans(holders::stream, existing::contains);

    @Test
    void aRunWhoseObjectIsGoneIsFound() {
        gateway.desire(ALIVE, DesiredState.absent());
        gateway.desire(GONE, DesiredState.absent());

        assertThat(orphans.among(Set.of(ALIVE), gateway.openRuns())).containsExactly(GONE);
    }

    @Test
    void aMachineWhoseHolderIsGoneIsFoundAlthoughNoRunIsOpen() {
        holders.add(GONE);

        assertThat(orphans.among(Set.of(ALIVE), gateway.openRuns())).containsExactly(GONE);
    }

    @Test
    void anObjectThatIsNotKnownHereYetIsAskedForAndSpared() {
        gateway.desire(ALIVE, DesiredState.absent());

        assertThat(orphans.among(Set.of(), gateway.openRuns())).isEmpty();
    }

    @Test
    void otherPeoplesRunsAreNoWorkspaces() {
        assertThat(WorkspaceId.ofWorkflow("nightly-backup")).isEmpty();
        assertThat(WorkspaceId.ofWorkflow(GONE.workflowId())).contains(GONE);
    }
}
