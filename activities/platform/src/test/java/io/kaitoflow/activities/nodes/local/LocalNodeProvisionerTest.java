package io.kaitoflow.activities.nodes.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.nodes.NodeException;
import io.kaitoflow.activities.nodes.NodeProvisioner;
import io.kaitoflow.activities.nodes.NodeProvisionerContract;
import io.kaitoflow.activities.processes.ProcessIdentity;
import io.kaitoflow.workflows.nodes.NodeRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalNodeProvisionerTest extends NodeProvisionerContract {

    @TempDir
    private Path folder = Path.of("");

    @Override
    protected NodeProvisioner provisioner() {
        return new LocalNodeProvisioner(folder);
    }

    @Test
    void oneWorkspaceAtATimeHasTheMachine() {
        provisioner().claim(request("a"));
        assertThatThrownBy(() -> provisioner().claim(request("b")))
                .isInstanceOf(NodeException.Occupied.class)
                .hasMessageContaining("workspace-a");
        provisioner().release(request("a"));
        assertThat(provisioner().claim(request("b")).ready()).isTrue();
    }

    @Test
    void someoneElsesReleaseTakesNothing() {
        provisioner().claim(request("a"));
        provisioner().release(request("b"));
        assertThat(provisioner().observe(request("a")).ready()).isTrue();
    }

    @Test
    void theLeaseOfADeadProcessIsFree() throws IOException, InterruptedException {
        Process gone = new ProcessBuilder("sleep", "60").start();
        new LocalNodeProvisioner(folder, ProcessIdentity.of(gone.toHandle())).claim(request("a"));
        gone.destroyForcibly().waitFor();
        assertThat(provisioner().claim(request("b")).ready()).isTrue();
    }

    @Test
    void aReusedProcessNumberIsNotTheHolder() {
        ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current());
        ProcessIdentity earlier =
                new ProcessIdentity(self.pid(), self.startedAt().minus(Duration.ofHours(1)));
        new LocalNodeProvisioner(folder, earlier).claim(request("a"));
        assertThat(provisioner().claim(request("b")).ready()).isTrue();
    }

    @Test
    void theMachineIsFreeOnlyAfterTheLastClaimOfAWorkspace() {
        provisioner().claim(request("a", 1));
        provisioner().claim(request("a", 2));
        provisioner().release(request("a", 1));
        assertThatThrownBy(() -> provisioner().claim(request("b"))).isInstanceOf(NodeException.Occupied.class);
        provisioner().release(request("a", 2));
        assertThat(provisioner().claim(request("b")).ready()).isTrue();
    }

    @Test
    void ofManyThatAskAtOnceExactlyOneGetsTheMachine() throws InterruptedException {
        List<Callable<Boolean>> claims = IntStream.range(0, 16)
                .<Callable<Boolean>>mapToObj(i -> () -> claims(request("w" + i)))
                .toList();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(threads.invokeAll(claims).stream().filter(Future::resultNow))
                    .hasSize(1);
        }
    }

    private boolean claims(NodeRequest request) {
        try {
            return provisioner().claim(request).ready();
        } catch (NodeException.Occupied refused) {
            return false;
        }
    }

    @Test
    void aDamagedLeaseHoldsNothing() throws IOException {
        Files.writeString(folder.resolve("lease"), "half a l");
        assertThat(provisioner().claim(request("a")).ready()).isTrue();
    }
}
