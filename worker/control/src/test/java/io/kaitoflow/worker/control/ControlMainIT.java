package io.kaitoflow.worker.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.kaitoflow.testcluster.Kubectl.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The control plane as a process that Kubernetes starts, asks and stops. */
class ControlMainIT {

    private static final Path SCRIPT =
            Path.of("..", "..", "helm", "admission", "manifest").toAbsolutePath();

    private static final String WRONG = """
            apiVersion: kaito.sh/v1beta1
            kind: Workspace
            metadata: {name: tune}
            resource: {labelSelector: {matchLabels: {apps: tune}}}
            tuning:
              preset: {name: smollm2-135m-instruct}
              method: qlora
              input: {urls: [https://localhost/train.jsonl]}
              output: {image: registry.example/adapters/SmolLM2, imagePushSecret: registry-push}
            """;

    private static TestCluster cluster;

    @TempDir
    private Path folder = Path.of("");

    private String namespace = "";

    @BeforeAll
    static void start() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
        cluster = TestCluster.start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void namespace() {
        namespace = cluster.server().newNamespace();
    }

    @Test
    void itServesTheWebhookAndTakesUpARenewedCertificateWithoutARestart() throws IOException {
        renewCertificate("https://127.0.0.1:1/validate");
        Path manifest = folder.resolve("webhook.yaml");
        Map<String, String> settings = Map.of(
                "KAITOFLOW_ADMISSION_CERTIFICATE",
                folder.resolve("tls.crt").toString(),
                "KAITOFLOW_ADMISSION_KEY",
                folder.resolve("tls.key").toString(),
                "KAITOFLOW_ADMISSION_HOST",
                "127.0.0.1",
                "KAITOFLOW_ADMISSION_PORT",
                "0");
        try (ControlProcess control = start("webhook", cluster.temporal().target(), settings)) {
            String url = "https://127.0.0.1:" + control.awaitLine("The webhook is served on port") + "/validate";
            Files.writeString(manifest, renewCertificate(url));
            kubectl("apply", "-f", manifest.toString()).orFail();

            await().untilAsserted(() -> assertThat(apply(WRONG).err())
                    .contains("* tuning.input.urls[0]: Invalid value: \"https://localhost/train.jsonl\"")
                    .contains("* tuning.output.image: Invalid value: \"registry.example/adapters/SmolLM2\""));

            // Another authority: whoever still showed the old certificate would not be believed, and so not be asked.
            Files.writeString(manifest, renewCertificate(url));
            kubectl("apply", "-f", manifest.toString()).orFail();
            await().untilAsserted(() -> assertThat(apply(WRONG).err()).contains("must not point at this machine"));
        } finally {
            kubectl("delete", "--ignore-not-found", "-f", manifest.toString());
        }
    }

    @Test
    void withoutACertificateItSaysThatTheWebhookIsOff() {
        try (ControlProcess control = start("off", cluster.temporal().target(), Map.of())) {
            assertThat(control.awaitLine("The webhook is off:")).contains("KAITOFLOW_ADMISSION_CERTIFICATE");
            await().untilAsserted(() ->
                    assertThat(control.ask("/health/ready").status()).isEqualTo(200));
            assertThat(control.ask("/health/live").status()).isEqualTo(200);
            await().untilAsserted(() -> assertThat(control.ask("/metrics").body())
                    .contains("kaitoflow_leader 1.0", "kaitoflow_leases_open 0.0"));
        }
    }

    @Test
    void itWaitsForTemporalAndSaysSo() throws InterruptedException {
        try (ControlProcess control = start("alone", "127.0.0.1:1", Map.of())) {
            await().untilAsserted(() -> assertThat(control.ask("/health/ready").body())
                    .contains("No Temporal server answers at 127.0.0.1:1"));
            assertThat(control.ask("/health/ready").status()).isEqualTo(503);
            assertThat(control.ask("/health/live").status()).isEqualTo(200);

            assertThat(control.terminate(20)).isTrue();
        }
    }

    @Test
    void itDoesNotBeginBesideAnotherThatTakesTheSameWorkspaces() throws InterruptedException {
        String elsewhere = cluster.server().newNamespace();
        Map<String, String> known = Map.of("KAITOFLOW_SERVICE_ACCOUNT", "control");
        kubectl("create", "clusterrole", namespace, "--verb=patch", "--resource=workspaces.kaito.sh/status")
                .orFail();
        kubectl(
                        "create",
                        "clusterrolebinding",
                        namespace,
                        "--clusterrole=" + namespace,
                        "--serviceaccount=" + namespace + ":control")
                .orFail();
        try (ControlProcess first = start("first", cluster.temporal().target(), known)) {
            await().untilAsserted(() -> assertThat(holder()).isEqualTo("first"));
            Map<String, String> beside = Map.of("KAITOFLOW_NAMESPACE", elsewhere, "KAITOFLOW_INSTALLATION", "another");
            try (ControlProcess second = start("second", cluster.temporal().target(), beside)) {
                await().untilAsserted(() -> assertThat(
                                second.ask("/health/ready").body())
                        .contains("An installation in namespace " + namespace + " is at work on Workspaces of all"));

                assertThat(first.terminate(20)).isTrue();

                await().untilAsserted(() ->
                        assertThat(second.ask("/health/ready").status()).isEqualTo(200));
            }
        }
    }

    @Test
    void onSigtermItGivesTheLeaseBackAndEnds() throws InterruptedException {
        try (ControlProcess control = start("leader", cluster.temporal().target(), Map.of())) {
            await().untilAsserted(() -> assertThat(holder()).isEqualTo("leader"));

            assertThat(control.terminate(20)).isTrue();

            assertThat(holder()).isEmpty();
            assertThat(control.said()).contains("Stopped; the lease is given back");
        }
    }

    private ControlProcess start(String replica, String temporal, Map<String, String> more) {
        Map<String, String> environment = new TreeMap<>(TestCluster.RUNTIME);
        environment.put("KAITOFLOW_TEMPORAL_ADDRESS", temporal);
        environment.put("KUBECONFIG", cluster.server().kubeconfig().toString());
        environment.put("KAITOFLOW_REPLICA", replica);
        environment.put("KAITOFLOW_NAMESPACE", namespace);
        environment.putAll(more);
        return ControlProcess.start(folder.resolve(replica + ".log"), environment);
    }

    private String holder() {
        Lease lease = cluster.client()
                .leases()
                .inNamespace(namespace)
                .withName("kaitoflow-control")
                .get();
        return lease == null ? "" : Objects.requireNonNullElse(lease.getSpec().getHolderIdentity(), "");
    }

    /** Runs the script that users run; it writes the two files and prints what is to be applied. */
    private String renewCertificate(String url) throws IOException {
        Path printed = folder.resolve("printed.yaml");
        int status = new ProcessBuilder(SCRIPT.toString(), "--url", url, "--files", folder.toString())
                .redirectOutput(printed.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
                .onExit()
                .join()
                .exitValue();
        assertThat(status).isZero();
        return Files.readString(printed);
    }

    private Answer apply(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("workspace.yaml"), text);
        return kubectl("apply", "--dry-run=server", "-n", namespace, "-f", file.toString());
    }

    private static Answer kubectl(String... arguments) {
        return cluster.server().kubectl().run(arguments);
    }
}
