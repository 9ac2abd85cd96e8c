package io.kaitoflow.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kaitoflow.worker.cli.local.StatusFile;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.tuner.LocalHome;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GetCommandTest {

    @TempDir
    private Path home;

    @Test
    void listsWorkspacesAndWhyOneFailed() {
        publishTwo();

        Invocation get = Invocation.of("get", "--home", home);

        assertThat(get.exit()).isEqualTo(ExitCode.OK);
        assertThat(get.out())
                .containsPattern("default +one +Serving +http://127.0.0.1:5000 +-")
                .containsPattern("default +two +Failed +- +-")
                .contains("two: Row 3 has no role.");
    }

    @Test
    void jsonIsAListOrTheOneThatWasNamed() throws IOException {
        publishTwo();

        JsonNode all = new ObjectMapper()
                .readTree(Invocation.of("get", "-o", "json", "--home", home).out());
        JsonNode one = new ObjectMapper()
                .readTree(Invocation.of("get", "one", "-o", "json", "--home", home)
                        .out());

        assertThat(all.findValuesAsText("fingerprint")).hasSize(2);
        assertThat(one.at("/endpoint/url").asText()).isEqualTo("http://127.0.0.1:5000");
    }

    @Test
    void anEmptyHomeSaysHowToStart() {
        Invocation get = Invocation.of("get", "--home", home);

        assertThat(get.exit()).isEqualTo(ExitCode.OK);
        assertThat(get.out()).contains("No workspaces here; start one with: kaitoflow run");
    }

    @Test
    void anUnknownWorkspaceIsRefusedByName() {
        Invocation get = Invocation.of("get", "three", "--home", home);

        assertThat(get.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(get.err()).contains("There is no workspace default/three here");
    }

    private void publishTwo() {
        StatusFile status = new StatusFile(new LocalHome(home));
        status.publish(Snapshots.serving("one", "http://127.0.0.1:5000"));
        status.publish(Snapshots.failed("two", "Row 3 has no role."));
    }
}
