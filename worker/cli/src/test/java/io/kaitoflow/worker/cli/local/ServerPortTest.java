package io.kaitoflow.worker.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.worker.cli.Invocation;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerPortTest {

    private static final Path EXAMPLE = Path.of("../../helm/examples/tune-smollm2.yaml");

    @TempDir
    private Path home;

    @Test
    void aPortInUseIsSeenBeforeAnythingIsDone() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Invocation run = Invocation.of("run", EXAMPLE, "--home", home, "--port", taken.getLocalPort());

            assertThat(run.exit()).isEqualTo(ExitCode.REFUSED);
            assertThat(run.err()).contains("Port " + taken.getLocalPort(), "nothing was started", "--port");
            assertThat(home).isEmptyDirectory();
        }
    }

    @Test
    void aNumberThatIsNoPortIsAWrongCommandLine() {
        Invocation run = Invocation.of("run", EXAMPLE, "--home", home, "--port", 70_000);

        assertThat(run.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--port 70000 is no port");
    }
}
