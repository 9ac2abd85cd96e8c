package io.kaitoflow.worker.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaitoflow.bridge.reconcile.BridgePace;
import io.kaitoflow.testcluster.Kubectl.Answer;
import io.kaitoflow.testcluster.TemporalDevServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code temporal/README.md} says about orders, with the real commands of Temporal. */
class OrdersByHandIT {

    private static final BridgePace PACE =
            new BridgePace(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(1));

    private static final Path EXAMPLE = Path.of("..", "..", "helm", "examples", "quickstart-phi-4-mini.yaml")
            .toAbsolutePath();

    private static final String NAME = "workspace-phi-4-mini";

    private static RunningControlPlane running;
    private static TestCluster cluster;

    private String namespace = "";
    private String run = "";

    @BeforeAll
    static void start() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(90));
        running = RunningControlPlane.start("orders", PACE);
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
        run = "workspace/" + namespace + "/" + NAME + "/" + jsonpath("{.metadata.uid}");
        awaitPhase("Provisioning");
    }

    @Test
    void temporalPausesBySignalAndResumesByUpdate() {
        temporal("signal", "--workflow-id", run, "--name", "order", "--input", "\"pause\"")
                .orFail();
        awaitPhase("Paused");

        assertThat(order("{\"action\":\"resume\"}").orFail()).contains("It goes on where it was.");

        awaitPhase("Provisioning");
    }

    @Test
    void anUpdateThatMeansNothingIsRefusedWithTheReason() {
        Answer answer = order("\"resume\"");

        assertThat(answer.status()).isNotZero();
        assertThat(answer.err() + answer.out()).contains("It is Provisioning; there is nothing to resume.");
    }

    @Test
    void aSignalThatIsNoOrderIsSaidInTheStatus() {
        temporal("signal", "--workflow-id", run, "--name", "order", "--input", "{\"action\":\"stop\"}")
                .orFail();

        await().untilAsserted(() -> assertThat(jsonpath("{.status.conditions[*].message}"))
                .contains("The order \"stop\" is none of pause, resume, cancel, retry and extend"));
        assertThat(jsonpath("{.status.phase}")).isEqualTo("Provisioning");
    }

    @Test
    void anExtensionByUpdateHoldsUntilTheAnnotationChanges() {
        kubectl("annotate", "workspace", NAME, "kaito.sh/budget-usd=20").orFail();
        awaitBudget("20");

        assertThat(order("{\"action\":\"extend\",\"budgetUsd\":40}").orFail()).contains("The bound is extended");
        awaitBudget("40");
        assertThat(order("{\"action\":\"extend\",\"budgetUsd\":30}").err())
                .contains("kaito.sh/budget-usd is 40 now; an extension names more.");

        kubectl("annotate", "--overwrite", "workspace", NAME, "kaito.sh/budget-usd=25")
                .orFail();
        awaitBudget("25");
    }

    @Test
    void tctlExtendsByTheSameRecord() {
        Assumptions.assumeTrue(
                Files.isExecutable(TemporalDevServer.tctl()), "There is no tctl; temporal/dev/tctl builds it");
        kubectl("annotate", "workspace", NAME, "kaito.sh/budget-usd=20").orFail();
        awaitBudget("20");

        cluster.temporalServer()
                .tctl(
                        "workflow",
                        "signal",
                        "--workflow_id",
                        run,
                        "--name",
                        "order",
                        "--input",
                        "{\"action\":\"extend\",\"budgetUsd\":40}")
                .orFail();

        awaitBudget("40");
    }

    /** The status says it from the first machine on, and there is none here; the run is asked. */
    private void awaitBudget(String usd) {
        await().untilAsserted(() -> assertThat(temporal("query", "--workflow-id", run, "--type", "snapshot")
                        .orFail())
                .containsPattern("budgetUsd\\W+" + usd));
    }

    @Test
    void temporalsOwnCancelGivesTheMachinesBackAndARetryStartsAgain() {
        temporal("cancel", "--workflow-id", run).orFail();
        awaitPhase("Cancelled");
        await().untilAsserted(() ->
                assertThat(cluster.claimsOf(jsonpath("{.metadata.uid}"))).isEmpty());

        assertThat(order("\"retry\"").orFail()).contains("It tries again");

        awaitPhase("Provisioning");
    }

    @Test
    void theSnapshotCanBeQueried() {
        Answer answer = temporal("query", "--workflow-id", run, "--type", "snapshot");

        assertThat(answer.orFail()).contains("Provisioning", NAME);
    }

    @Test
    void aRunIsFoundByWhatItIsAbout() {
        String query = "WorkspacePhase='Provisioning' AND WorkspaceNamespace='" + namespace
                + "' AND WorkspacePreset='phi-4-mini-instruct' AND WorkspaceInstanceType='Standard_NC24ads_A100_v4'";

        await().untilAsserted(() ->
                assertThat(temporal("list", "--query", query).orFail()).contains(run));
    }

    @Test
    void aPauseByTctlStaysThroughTheNextLists() {
        Assumptions.assumeTrue(
                Files.isExecutable(TemporalDevServer.tctl()), "There is no tctl; temporal/dev/tctl builds it");
        cluster.temporalServer()
                .tctl("workflow", "signal", "--workflow_id", run, "--name", "order", "--input", "\"pause\"")
                .orFail();
        awaitPhase("Paused");

        // The bridge lists all objects every second, and an edit makes it tell the wish again.
        kubectl("annotate", "workspace", NAME, "kaito.sh/budget-usd=20").orFail();
        await().during(Duration.ofSeconds(3))
                .untilAsserted(() -> assertThat(jsonpath("{.status.phase}")).isEqualTo("Paused"));

        cluster.temporalServer()
                .tctl("workflow", "signal", "--workflow_id", run, "--name", "order", "--input", "\"resume\"")
                .orFail();
        awaitPhase("Provisioning");
    }

    private static Answer temporal(String verb, String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "workflow";
        all[1] = verb;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return cluster.temporalServer().temporal(all);
    }

    private Answer order(String json) {
        return cluster.temporalServer()
                .temporal("workflow", "update", "execute", "--workflow-id", run, "--name", "order", "--input", json);
    }

    private void awaitPhase(String phase) {
        await().untilAsserted(() -> assertThat(jsonpath("{.status.phase}")).isEqualTo(phase));
    }

    private String jsonpath(String path) {
        return kubectl("get", "workspace", NAME, "-o", "jsonpath=" + path).orFail();
    }

    private Answer kubectl(String... arguments) {
        return cluster.server().kubectl().in(namespace, arguments);
    }
}
