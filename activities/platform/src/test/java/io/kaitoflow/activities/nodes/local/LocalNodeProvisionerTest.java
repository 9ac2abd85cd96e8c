package io.kaitoflow.activities.nodes.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.activities.nodes.NodeException;
import io.kaitoflow.activities.nodes.NodeProvisioner;
import io.kaitoflow.activities.nodes.NodeProvisionerContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        new LocalNodeProvisioner(folder, gone.toHandle()).claim(request("a"));
        gone.destroyForcibly().waitFor();
        assertThat(provisioner().claim(request("b")).ready()).isTrue();
    }

    @Test
    void aDamagedLeaseHoldsNothing() throws IOException {
        Files.writeString(folder.resolve("lease"), "half a l");
        assertThat(provisioner().claim(request("a")).ready()).isTrue();
    }
}
