package io.kaitoflow.worker.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaitoflow.activities.nodes.karpenter.NodeClaim;
import io.kaitoflow.bridge.reconcile.BridgePace;
import io.kaitoflow.testcluster.Kubectl.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user does on the first day, with kubectl alone. */
class FirstDayIT {

    private static final BridgePace PACE =
            new BridgePace(Duration.ofMinutes(5), Duration.ofSeconds(2), Duration.ofSeconds(1));

    private static final Path EXAMPLE = Path.of("..", "..", "helm", "examples", "quickstart-phi-4-mini.yaml")
            .toAbsolutePath();

    private static final String NAME = "workspace-phi-4-mini";

    private static RunningControlPlane running;
    private static TestCluster cluster;

    @TempDir
    private Path folder = Path.of("");

    private String namespace = "";

    @BeforeAll
    static void start() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
        running = RunningControlPlane.start("first-day", PACE);
        cluster = running.cluster();
    }

    @AfterAll
    static void stop() {
        running.close();
    }

    @BeforeEach
    void apply() {
        namespace = cluster.server().newNamespace();
        kubectl("apply", "-f", EXAMPLE.toString()).orFail();
    }

    @Test
    void anOldCancelDoesNotHideALaterRetryNorALaterPause() {
        claim();

        annotate("kaito.sh/cancel=1");
        await().untilAsserted(() -> assertThat(phase()).isEqualTo("Cancelled"));
        await().untilAsserted(() -> assertThat(cluster.claimsOf(uid())).isEmpty());

        annotate("kaito.sh/retry=1");
        claim();

        annotate("kaito.sh/paused=true");
        await().untilAsserted(() -> assertThat(phase()).isEqualTo("Paused"));
    }

    @Test
    void whatAMachineCostIsAColumn() {
        cluster.fulfil(claim());

        await().untilAsserted(() -> assertThat(
                        kubectl("get", "workspace", NAME, "-o", "wide").out())
                .contains("USD"));
        assertThat(kubectl("get", "workspace", NAME, "-o", "jsonpath={.status.runId}")
                        .out())
                .isNotBlank();
    }

    @Test
    void aDeletionThatIsStuckNamesTheClaimItsProvidersAnswerAndTheWayOut() {
        NodeClaim claim = claim();
        finalizers(claim, List.of("karpenter.sh/termination"));

        kubectl("delete", "workspace", NAME, "--wait=false").orFail();

        await().untilAsserted(() -> assertThat(message("WorkspaceDeleting"))
                .contains(
                        "claim " + claim.getMetadata().getName(),
                        "asked back since",
                        "kept by karpenter.sh/termination",
                        "kaito.sh/force-delete=true"));
        annotate("kaito.sh/force-delete=true");
        await().untilAsserted(() ->
                assertThat(kubectl("get", "workspace", NAME).err()).contains("not found"));
        await().untilAsserted(() -> assertThat(kubectl("get", "events", "-o", "jsonpath={.items[*].message}")
                        .out())
                .contains("Left behind: machine Standard_NC24ads_A100_v4 (claim "
                        + claim.getMetadata().getName()));
        finalizers(claim, List.of());
    }

    @Test
    void anEditThatIsForbiddenIsRefusedWithItsReason() throws IOException {
        claim();
        Path edited = Files.writeString(
                folder.resolve("edited.yaml"), Files.readString(EXAMPLE).replace("phi-4-mini-instruct", "phi-4"));

        Answer answer = kubectl("apply", "-f", edited.toString());

        assertThat(answer.status()).isEqualTo(1);
        assertThat(answer.err()).contains("inference.preset.name", "must stay as it was created");
    }

    @Test
    void waitAndDescribeSayWhatIsWaitedFor() {
        claim();

        Answer waited = kubectl("wait", "--for=condition=WorkspaceReady", "workspace/" + NAME, "--timeout=3s");
        assertThat(waited.status()).isEqualTo(1);
        await().untilAsserted(
                        () -> assertThat(kubectl("describe", "workspace", NAME).orFail())
                                .contains("The claim is made; the machine is not ready yet.", "Provisioning"));
    }

    private NodeClaim claim() {
        return await().until(() -> cluster.claimsOf(uid()).stream().findFirst().orElse(null), claim -> claim != null);
    }

    private void finalizers(NodeClaim claim, List<String> finalizers) {
        cluster.client()
                .resources(NodeClaim.class)
                .withName(claim.getMetadata().getName())
                .edit(found -> {
                    found.getMetadata().setFinalizers(finalizers);
                    return found;
                });
    }

    private String uid() {
        return kubectl("get", "workspace", NAME, "-o", "jsonpath={.metadata.uid}")
                .orFail();
    }

    private String phase() {
        return kubectl("get", "workspace", NAME, "-o", "jsonpath={.status.phase}")
                .orFail();
    }

    private String message(String condition) {
        String path = "jsonpath={.status.conditions[?(@.type==\"" + condition + "\")].message}";
        return kubectl("get", "workspace", NAME, "-o", path).orFail();
    }

    private void annotate(String annotation) {
        kubectl("annotate", "--overwrite", "workspace", NAME, annotation).orFail();
    }

    private Answer kubectl(String... arguments) {
        return cluster.server().kubectl().in(namespace, arguments);
    }
}
