package io.kaitoflow.bridge.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.testcluster.ApiServer;
import io.kaitoflow.testcluster.Kubectl.Answer;
import io.kaitoflow.testcluster.WithApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The webhook as a real API server calls it. */
@ExtendWith(WithApiServer.class)
class AdmissionIT {

    private static final String TUNE = """
            apiVersion: kaito.sh/v1beta1
            kind: Workspace
            metadata: {name: tune}
            resource: {labelSelector: {matchLabels: {apps: tune}}}
            tuning:
              preset: {name: smollm2-135m-instruct}
              method: qlora
              config: recipe
              input: {urls: [https://example.org/train.jsonl]}
              output: {image: registry.example/adapters/smollm2:0.0.1, imagePushSecret: registry-push}
            """;
    private static final String WRONG = TUNE.replace("example.org", "localhost").replace("smollm2:0.0.1", "SmolLM2");

    @TempDir
    private Path folder;

    private ApiServer cluster;
    private Webhook webhook;
    private String namespace;

    @BeforeEach
    void register(ApiServer server) {
        cluster = server;
        webhook = Webhook.register(server, folder);
        namespace = server.newNamespace();
    }

    @AfterEach
    void unregister() {
        webhook.close();
    }

    @Test
    void severalMistakesArePrintedAsTheApiServerPrintsItsOwn() throws IOException {
        Answer answer = apply(WRONG);

        assertThat(answer.status()).isEqualTo(1);
        assertThat(answer.err()).isEqualTo("""
                The Workspace "tune" is invalid:\s
                * tuning.input.urls[0]: Invalid value: "https://localhost/train.jsonl": must not point at this machine, a private network or a metadata service. Give an address that everyone with the right may read. The host of a mirror of your own has to stand in data.allowedHosts of the chart, or in KAITOFLOW_ALLOWED_HOSTS of the command.
                * tuning.output.image: Invalid value: "registry.example/adapters/SmolLM2": is not an image reference. Write registry/repository:tag, the repository in lower case, e.g. myregistry.azurecr.io/adapters/phi3:0.0.1.
                """);
    }

    @Test
    void aWorkspaceMayComeBeforeItsConfigMap() throws IOException {
        Answer answer = apply(TUNE);

        assertThat(answer.orFail()).isEqualTo("workspace.kaito.sh/tune created\n");
        assertThat(answer.err())
                .isEqualTo(
                        "Warning: tuning.config: ConfigMap \"recipe\" is not there. Apply it, or correct the name.\n");
    }

    @Test
    void withoutAnAnswerTheApiServerGoesOn() throws IOException {
        webhook.stopAnswering();

        assertThat(apply(WRONG).orFail()).isEqualTo("workspace.kaito.sh/tune created\n");
    }

    @Test
    void whoMayMakeWorkspacesAloneMayNotUseASecretOfTheNamespace() throws IOException {
        cluster.kubectl()
                .run("create", "role", "author", "-n", namespace, "--verb=*", "--resource=workspaces.kaito.sh")
                .orFail();
        cluster.kubectl()
                .run("create", "rolebinding", "author", "-n", namespace, "--role=author", "--user=ada")
                .orFail();

        Answer answer = apply(TUNE, "--as=ada", "--validate=false");

        assertThat(answer.err())
                .contains("tuning: Invalid value: \"Secret registry-push\": needs the right to make pods in namespace "
                        + namespace + ", which ada has not");
    }

    @Test
    void aWrongWorkspaceThatSlippedInCanBeDeletedInSpiteOfItsFinalizer() throws IOException {
        webhook.stopAnswering();
        apply(WRONG.replace("name: tune", "name: tune, finalizers: [kaito.sh/workspace]"))
                .orFail();
        webhook = webhook.again(cluster, folder);

        cluster.kubectl()
                .run("delete", "workspace", "tune", "-n", namespace, "--wait=false")
                .orFail();
        cluster.kubectl()
                .run(
                        "patch",
                        "workspace",
                        "tune",
                        "-n",
                        namespace,
                        "--type=merge",
                        "-p",
                        "{\"metadata\":{\"finalizers\":[]}}")
                .orFail();

        assertThat(cluster.kubectl().run("get", "workspaces", "-n", namespace).err())
                .startsWith("No resources found");
    }

    private Answer apply(String manifest, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("workspace.yaml"), manifest);
        String[] arguments = {"apply", "-n", namespace, "-f", file.toString()};
        String[] all = new String[arguments.length + more.length];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return cluster.kubectl().run(all);
    }
}
