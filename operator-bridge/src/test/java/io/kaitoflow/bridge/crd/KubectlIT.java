package io.kaitoflow.bridge.crd;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.bridge.admission.Webhook;
import io.kaitoflow.testcluster.ApiServer;
import io.kaitoflow.testcluster.Kubectl.Answer;
import io.kaitoflow.testcluster.WithApiServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users of kubectl see of the definition, on a real API server and with the real kubectl. */
@ExtendWith(WithApiServer.class)
class KubectlIT {

    private static final Path EXAMPLES = Path.of("..", "helm", "examples");
    private static final Path GOLDEN = Path.of("src", "test", "resources", "io", "kaitoflow", "bridge", "kubectl");
    private static final String STATUS = """
            {"status": {
              "phase": "Tuning", "state": "Running", "workerNodes": ["aks-ws1a2b3c4d5-0"],
              "progress": {"text": "tuning 34/72, loss 0.124", "step": 34, "totalSteps": 72, "epoch": 1.4,
                "loss": 0.124, "eta": "12m", "checkpointStep": 30, "resumes": 0},
              "cost": {"text": "1.20 of 20 USD, 3.67 an hour", "spentUsd": 1.2},
              "conditions": [
                {"type": "ResourceReady", "status": "True", "reason": "Ready", "message": "",
                  "lastTransitionTime": "2026-01-01T00:00:00Z"},
                {"type": "JobStarted", "status": "True", "reason": "Started", "message": "",
                  "lastTransitionTime": "2026-01-01T00:00:00Z"},
                {"type": "WorkspaceReady", "status": "False", "reason": "Tuning", "message": "Phase Tuning.",
                  "lastTransitionTime": "2026-01-01T00:00:00Z"}]}}
            """;

    private static ApiServer cluster;

    private String namespace = "";

    @BeforeAll
    static void install(ApiServer server) {
        cluster = server;
        Webhook.install(server);
    }

    @BeforeEach
    void makeRoom() {
        namespace = cluster.newNamespace();
    }

    @TestFactory
    Stream<DynamicTest> everyExampleIsAppliedUnderStrictValidation() {
        return examples()
                .map(file -> DynamicTest.dynamicTest(
                        file.getFileName().toString(),
                        () -> apply(file.toString(), "--validate=strict").orFail()));
    }

    @Test
    void noFieldOfKaitosIsUnknown() {
        Answer answer = apply(GOLDEN.resolve("every-kaito-field.yaml").toString(), "--validate=strict");

        assertThat(answer.err())
                .startsWith("The Workspace \"serve\" is invalid")
                .contains("must have exactly one of inference and tuning")
                .doesNotContain("unknown field");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"workspace", "workspace.tuning", "workspace.resource.labelSelector", "wk.status.conditions"})
    void explainReadsLikeDocumentation(String path) throws IOException {
        assertGolden(
                "explain-" + path + ".txt",
                cluster.kubectl().run("explain", path).orFail());
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1beta1", "v1alpha1"})
    void theColumnsAreTheSameInBothVersions(String version) throws IOException {
        applyQuickstart();
        cluster.kubectl()
                .run(
                        "patch",
                        "wk/workspace-tuning-phi-3",
                        "-n",
                        namespace,
                        "--subresource=status",
                        "--type=merge",
                        "-p",
                        STATUS)
                .orFail();

        assertGolden("get.txt", get("workspaces." + version + ".kaito.sh"));
        assertGolden("get-wide.txt", get("workspaces." + version + ".kaito.sh", "-o", "wide"));
    }

    @Test
    void onlyTheOlderVersionFillsInAMachine() throws IOException {
        String text = Files.readString(EXAMPLES.resolve("quickstart-phi-3.yaml"))
                .replace("  instanceType: \"Standard_NC6s_v3\"\n", "");
        applyText(text);
        assertThat(machine("workspace-tuning-phi-3")).isEqualTo("Standard_NC24ads_A100_v4");

        applyText(text.replace("v1alpha1", "v1beta1").replace("workspace-tuning-phi-3", "own-nodes"));
        assertThat(machine("own-nodes")).isEmpty();
    }

    @Test
    void whatMayChangeMayBeChanged() throws IOException {
        applyQuickstart();

        applyText(Files.readString(EXAMPLES.resolve("quickstart-phi-3.yaml"))
                .replace("philschmid/dolly-15k-oai-style", "another/data-set")
                .replace("phi-3-dolly:0.0.1", "phi-3-dolly:0.0.2")
                .replace("  method: qlora\n", "  method: qlora\n  config: recipe\n"));

        assertThat(get("workspaces", "-o", "jsonpath={.items[0].tuning.config} {.items[0].tuning.output.image}"))
                .isEqualTo("recipe myregistry.azurecr.io/adapters/phi-3-dolly:0.0.2");
    }

    @Test
    void aStatusIsWrittenByItsOwnDoorAlone() throws IOException {
        applyQuickstart();

        cluster.kubectl()
                .run("patch", "wk/workspace-tuning-phi-3", "-n", namespace, "--type=merge", "-p", STATUS)
                .orFail();

        assertThat(get("workspaces", "-o", "jsonpath={.items[0].status}")).isEmpty();
    }

    @Test
    void theCategoryListsWorkspaces() throws IOException {
        applyQuickstart();

        assertThat(get("workspace", "-o", "name")).isEqualTo("workspace.kaito.sh/workspace-tuning-phi-3\n");
        assertThat(get("wks", "-o", "name")).isEqualTo("workspace.kaito.sh/workspace-tuning-phi-3\n");
    }

    private static Stream<Path> examples() {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files
                    .filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.getFileName().toString().startsWith("invalid-"))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void applyQuickstart() {
        apply(EXAMPLES.resolve("quickstart-phi-3.yaml").toString(), "--validate=strict")
                .orFail();
    }

    private void applyText(String manifest) throws IOException {
        Path file = Files.createTempFile("workspace", ".yaml");
        Files.writeString(file, manifest);
        apply(file.toString(), "--validate=strict").orFail();
        Files.delete(file);
    }

    private Answer apply(String file, String validation) {
        return cluster.kubectl().run("apply", "-n", namespace, validation, "-f", file);
    }

    private String machine(String name) {
        return get("workspace/" + name, "-o", "jsonpath={.resource.instanceType}");
    }

    private String get(String... arguments) {
        String[] all = Stream.concat(Stream.of("get", "-n", namespace), Stream.of(arguments))
                .toArray(String[]::new);
        return cluster.kubectl().run(all).orFail();
    }

    /** The age is all that differs from run to run; it is a number of seconds, two digits wide at most. */
    private static void assertGolden(String name, String said) throws IOException {
        Path file = GOLDEN.resolve(name);
        String timeless = said.replaceAll("(?m) \\d\\d?s( |$)", " 0s$1").replaceAll("(?m)[ \\t]+$", "");
        if (Boolean.getBoolean("golden.rewrite")) {
            Files.writeString(file, timeless);
        }
        assertThat(timeless).isEqualTo(Files.readString(file));
    }
}
