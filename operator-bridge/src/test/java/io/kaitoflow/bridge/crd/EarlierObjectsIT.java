package io.kaitoflow.bridge.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaitoflow.testcluster.ApiServer;
import io.kaitoflow.testcluster.Kubectl.Answer;
import io.kaitoflow.testcluster.WithApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Objects that an earlier release took, under the definition of this one. */
@ExtendWith(WithApiServer.class)
class EarlierObjectsIT {

    private static final Path DEFINITION = Path.of("..", "helm", "crds", "workspaces.kaito.sh.yaml");
    private static final String NAME = "workspaces.kaito.sh";
    private static final String SERVING = """
            apiVersion: kaito.sh/v1beta1
            kind: Workspace
            metadata: {name: %s, finalizers: [kaito.sh/workspace]}
            resource: {count: 2, labelSelector: {matchLabels: {apps: serve}}}
            inference: {preset: {name: smollm2-135m-instruct}}
            """;

    private static ApiServer cluster;
    private static String namespace = "";

    @TempDir
    private Path folder = Path.of("");

    @BeforeAll
    static void connect(ApiServer server) {
        cluster = server;
        namespace = server.newNamespace();
    }

    @AfterAll
    static void restore() {
        cluster.define(DEFINITION, NAME);
    }

    @Test
    void whatWasToBeServedFromSeveralMachinesCanStillBeWrittenToAndGo() throws IOException {
        String today = Files.readString(DEFINITION);
        cluster.define(
                Files.writeString(folder.resolve("earlier.yaml"), today.replace("|| has(self.status)", "|| true")),
                NAME);
        await().until(() -> create("earlier").status() == 0);
        assertThat(status("Serving").status()).isZero();
        cluster.define(DEFINITION, NAME);
        await().untilAsserted(
                        () -> assertThat(create("new-" + System.nanoTime()).err())
                                .contains("must be 1, since this release serves a model from one machine"));

        assertThat(status("Releasing").status()).isZero();
        assertThat(kubectl("annotate", "workspace", "earlier", "team=red").status())
                .isZero();
        kubectl("delete", "workspace", "earlier", "--wait=false").orFail();
        kubectl("patch", "workspace", "earlier", "--type=merge", "--patch", "{\"metadata\": {\"finalizers\": []}}")
                .orFail();
        assertThat(kubectl("get", "workspace", "earlier").err()).contains("NotFound");
    }

    private Answer create(String name) throws IOException {
        Path file = Files.writeString(folder.resolve(name + ".yaml"), SERVING.formatted(name));
        return kubectl("create", "--filename", file.toString());
    }

    private static Answer status(String phase) {
        String patch = "{\"status\": {\"phase\": \"" + phase + "\"}}";
        return kubectl("patch", "workspace", "earlier", "--subresource=status", "--type=merge", "--patch", patch);
    }

    private static Answer kubectl(String... arguments) {
        return cluster.kubectl().in(namespace, arguments);
    }
}
