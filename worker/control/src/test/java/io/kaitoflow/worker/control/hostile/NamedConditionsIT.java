package io.kaitoflow.worker.control.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.testcluster.faults.Fault;
import io.kaitoflow.testcluster.faults.FaultPlan;
import io.kaitoflow.worker.control.Replica;
import io.kaitoflow.worker.control.TestCluster;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowNotFoundException;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each hostile condition alone, as far as the seeds do not meet it often enough to be believed. */
class NamedConditionsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** For five hundred on a machine that others use as well; how fast they are is measured elsewhere. */
    private static final Duration EVEN_MANY = Duration.ofMinutes(5);

    @SuppressWarnings("NullAway.Init") // started before all tests
    private static Arena arena;

    private final TestCluster cluster = arena.cluster();
    private final Users users = new Users(cluster, new Random(1), new Diary());
    private final Servers servers = new Servers(arena, users, new Random(1), new Diary());

    @BeforeAll
    static void start() {
        arena = new Arena();
    }

    @AfterAll
    static void stop() {
        arena.close();
    }

    @BeforeEach
    void allRuns() {
        servers.heal();
    }

    @AfterEach
    void nothingIsLeftBehind() {
        arena.proxy().follow(FaultPlan.none());
        servers.heal();
        users.wishes().forEach(users::delete);
        converges();
        assertThat(arena.history().duplicates()).isEmpty();
    }

    @Test
    void everySecondStatusWriteIsRefusedAndTheStatusIsRight() {
        int before = arena.proxy().struck(Fault.STATUS_CONFLICT);
        arena.proxy().follow(FaultPlan.everySecond(Fault.STATUS_CONFLICT));
        users.create();
        users.create();
        users.pause(users.wishes().getFirst(), true);

        converges();

        assertThat(arena.proxy().struck(Fault.STATUS_CONFLICT)).isGreaterThan(before);
    }

    @Test
    void fieldsOfAnotherReleaseAreForgiven() {
        arena.proxy().follow(FaultPlan.always(Fault.STRANGE_FIELDS));
        users.create();
        converges();

        users.adapters(users.wishes().getFirst());

        converges();
    }

    @Test
    void everyEventComesTwiceAndLate() {
        arena.proxy().follow(fault -> fault == Fault.EVENT_DOUBLED || fault == Fault.EVENT_LATE);
        users.create();
        users.create();
        users.pause(users.wishes().getFirst(), true);
        users.pause(users.wishes().getFirst(), false);

        converges();
    }

    @Test
    void aNamesakeWithinASecondIsAnotherWorkspace() {
        users.create();
        converges();

        users.replace();

        converges();
        assertThat(users.wishes()).hasSize(1);
    }

    @Test
    void fiveHundredInOneCommandHaveAClaimEach() {
        users.applyAtOnce(500);

        converges();
    }

    @Test
    void aClockThatIsSetBackAnHourHoldsUpNothing() {
        users.create();
        converges();
        arena.setClocks(Duration.ofHours(-1));

        users.pause(users.wishes().getFirst(), true);
        users.create();

        converges();
    }

    @Test
    void aNamespaceIsDeletedWithItsWorkspaceInIt() {
        users.deleteNamespace();

        converges();
    }

    @Test
    void aTemporalOutageDelaysAndLosesNothing() {
        users.create();
        converges();
        servers.stopTemporal();

        users.create();
        users.pause(users.wishes().getFirst(), true);
        users.replace();
        servers.startTemporal();

        converges();
    }

    @Test
    void whenTemporalForgotEverythingEachClaimIsAdopted() {
        users.create();
        users.create();
        converges();
        Set<String> before = claims();

        servers.emptyTemporal();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(users.wishes()).allMatch(NamedConditionsIT::running));
        users.wishes().forEach(users::adapters);
        converges();
        assertThat(claims()).isEqualTo(before);
    }

    @Test
    void nobodyIsThereWhileAWorkspaceIsDeleted() {
        users.create();
        converges();
        arena.replicas().forEach(Replica::stop);

        users.delete(users.wishes().getFirst());
        assertThat(claims()).hasSize(1);
        servers.heal();

        converges();
        assertThat(claims()).isEmpty();
    }

    @Test
    void anApiServerThatIsAwayForLongerThanTheLeaseFindsALeaderAgain() {
        users.create();
        converges();
        await().atMost(PATIENCE).until(NamedConditionsIT::led);
        cluster.stopApiServer();
        await().atMost(PATIENCE).until(() -> !led());

        cluster.startApiServer();
        users.pause(users.wishes().getFirst(), true);

        converges();
    }

    @Test
    void aWorkspaceThatWasForcedAwayLeavesNothingBehind() {
        users.create();
        converges();
        Wish wish = users.wishes().getFirst();

        users.delete(wish);
        cluster.client()
                .resources(Workspace.class)
                .inNamespace(wish.namespace)
                .withName(wish.name)
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\":{\"finalizers\":null}}");

        converges();
    }

    private void converges() {
        assertThat(new Convergence(arena, users, servers, EVEN_MANY).complaints())
                .isEmpty();
    }

    private Set<String> claims() {
        return cluster.claims().stream()
                .map(claim -> claim.getMetadata().getName())
                .collect(Collectors.toSet());
    }

    private static boolean led() {
        return arena.replicas().stream().anyMatch(Replica::leads);
    }

    private static boolean running(Wish wish) {
        try (TemporalConnection connection =
                TemporalConnection.open(arena.cluster().temporal())) {
            return connection
                            .client()
                            .newUntypedWorkflowStub("workspace/" + wish.namespace + "/" + wish.name + "/" + wish.uid)
                            .describe()
                            .getStatus()
                    == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
        } catch (WorkflowNotFoundException none) {
            return false;
        }
    }
}
