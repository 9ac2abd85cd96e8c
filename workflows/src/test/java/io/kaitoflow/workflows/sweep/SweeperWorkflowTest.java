package io.kaitoflow.workflows.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.workflows.failure.ActivityFailures;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.nodes.Release;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.request.MachineRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.workspace.TaskQueues;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SweeperWorkflowTest {

    private final World world = new World();
    private TestWorkflowEnvironment environment = TestWorkflowEnvironment.newInstance();

    @BeforeEach
    void start() {
        var worker = environment.newWorker(TaskQueues.CONTROL);
        worker.registerWorkflowImplementationTypes(SweeperWorkflowImpl.class);
        worker.registerActivitiesImplementations(world);
        environment.start();
    }

    @AfterEach
    void stop() {
        environment.close();
    }

    @Test
    void aClaimThatNobodyStandsBehindIsGivenBack() {
        world.held.add(claim("gone", 1));
        world.held.add(claim("gone", 2));

        sweepFor(Duration.ofMinutes(3));

        assertThat(world.held).isEmpty();
    }

    @Test
    void aClaimWhoseObjectOrRunIsThereIsLeftAlone() {
        world.held.add(claim("applied", 1));
        world.held.add(claim("running", 1));
        world.existing.add("applied");
        world.running.add("running");

        sweepFor(Duration.ofHours(2));

        assertThat(world.released).isEmpty();
    }

    @Test
    void aRunThatBeginsWithinTheGraceKeepsItsClaim() {
        world.held.add(claim("late", 1));
        world.beginsAfterLooks("late", 1);

        sweepFor(Duration.ofHours(1));

        assertThat(world.released).isEmpty();
    }

    @Test
    void whatIsSlowToGoIsAskedForUntilItIsGone() {
        world.held.add(claim("gone", 1));
        world.slow.set(3);

        sweepFor(Duration.ofHours(1));

        assertThat(world.held).isEmpty();
        assertThat(world.released).hasSize(4);
    }

    @Test
    void whereNobodyAnswersNothingIsTouchedAndTheNextRoundMakesUpForIt() {
        world.held.add(claim("gone", 1));
        world.silent.set(5);

        sweepFor(Duration.ofMinutes(5));
        assertThat(world.released).isEmpty();

        environment.sleep(Duration.ofHours(1));
        assertThat(world.held).isEmpty();
    }

    @Test
    void itGoesOnForEverInShortHistories() {
        sweepFor(Duration.ofDays(2));
        world.held.add(claim("gone", 1));

        environment.sleep(Duration.ofMinutes(15));

        assertThat(world.held).isEmpty();
    }

    @Test
    void whoseMachineWentWhileNobodyWatchedIsToldInEachRoundAlsoWhenNobodyAnswersAboutClaims() {
        world.silent.set(3);

        sweepFor(Duration.ofMinutes(25));

        assertThat(world.tellings.get()).isBetween(2, 3);
    }

    @Test
    void aRoundThatFindsNobodyOutEndsNothing() {
        world.mute.set(3);
        world.held.add(claim("gone", 1));

        sweepFor(Duration.ofMinutes(25));

        assertThat(world.held).isEmpty();
        assertThat(world.tellings.get()).isPositive();
    }

    private void sweepFor(Duration time) {
        SweeperWorkflow sweeper = environment
                .getWorkflowClient()
                .newWorkflowStub(
                        SweeperWorkflow.class,
                        WorkflowOptions.newBuilder()
                                .setTaskQueue(TaskQueues.CONTROL)
                                .setWorkflowId(SweeperWorkflow.workflowId("test"))
                                .build());
        var unused = WorkflowClient.start(sweeper::sweep, Sweeping.standard());
        environment.sleep(time);
    }

    private static NodeRequest claim(String uid, int number) {
        return new NodeRequest(
                new WorkspaceId("default", uid, uid),
                new MachineOption("a100", 1, ByteSize.ofGibibytes(80), Optional.empty(), false),
                new MachineRequest(List.of(), 1, Map.of(), List.of(), false),
                number);
    }

    private static final class World implements SweepActivities {

        private final List<NodeRequest> held = new CopyOnWriteArrayList<>();
        private final List<NodeRequest> released = new CopyOnWriteArrayList<>();
        private final Set<String> existing = ConcurrentHashMap.newKeySet();
        private final Set<String> running = ConcurrentHashMap.newKeySet();
        private final Map<String, Integer> beginning = new ConcurrentHashMap<>();
        private final AtomicInteger slow = new AtomicInteger();
        private final AtomicInteger silent = new AtomicInteger();
        private final AtomicInteger mute = new AtomicInteger();
        private final AtomicInteger tellings = new AtomicInteger();

        void beginsAfterLooks(String uid, int looks) {
            beginning.put(uid, looks);
        }

        @Override
        public List<NodeRequest> held() {
            if (silent.getAndDecrement() > 0) {
                throw ActivityFailures.of(FailureKind.INTERNAL, "Nobody answers.", null);
            }
            return List.copyOf(held);
        }

        @Override
        public Standing standing(WorkspaceId id) {
            int looks = beginning.getOrDefault(id.uid(), -1);
            if (looks == 0) {
                running.add(id.uid());
            }
            beginning.computeIfPresent(id.uid(), (uid, left) -> left - 1);
            return new Standing(existing.contains(id.uid()), running.contains(id.uid()));
        }

        @Override
        public int tellBereft() {
            if (mute.getAndDecrement() > 0) {
                throw ActivityFailures.of(FailureKind.INTERNAL, "Nobody answers.", null);
            }
            return tellings.incrementAndGet();
        }

        @Override
        public Release release(NodeRequest request) {
            released.add(request);
            boolean gone = slow.getAndDecrement() <= 0;
            if (gone) {
                held.remove(request);
            }
            return Release.of(gone);
        }
    }
}
