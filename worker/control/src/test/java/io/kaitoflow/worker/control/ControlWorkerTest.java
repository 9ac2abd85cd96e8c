package io.kaitoflow.worker.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.activities.image.OutputActivitiesImpl;
import io.kaitoflow.activities.nodes.NodeActivitiesImpl;
import io.kaitoflow.activities.nodes.NodeProvisioner;
import io.kaitoflow.activities.nodes.SweepActivitiesImpl;
import io.kaitoflow.activities.preflight.CatalogueMachines;
import io.kaitoflow.activities.preflight.OwnNodes;
import io.kaitoflow.activities.preflight.PlanActivitiesImpl;
import io.kaitoflow.activities.rollout.ParkingActivitiesImpl;
import io.kaitoflow.activities.rollout.Rollout;
import io.kaitoflow.activities.rollout.RolloutActivitiesImpl;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.activities.rollout.local.LocalParking;
import io.kaitoflow.bridge.manifest.ManifestReader;
import io.kaitoflow.bridge.translate.Translation;
import io.kaitoflow.bridge.translate.TranslatorSettings;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.presets.PresetCatalogue;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.temporal.TemporalServer;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.preflight.PreflightActivities;
import io.kaitoflow.workflows.preflight.PreflightReport;
import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.rollout.RolloutActivities.PusherInput;
import io.kaitoflow.workflows.rollout.RolloutActivities.RollInput;
import io.kaitoflow.workflows.rollout.RolloutActivities.TunerInput;
import io.kaitoflow.workflows.rollout.TunerEnd;
import io.kaitoflow.workflows.rollout.TunerHandle;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.HistoryEvent;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlWorkerTest {

    private static final Path EXAMPLE = Path.of("..", "..", "helm", "examples", "quickstart-phi-4-mini.yaml");

    @TempDir
    private Path folder = Path.of("");

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @Test
    void aCallUnderWayFinishesBeforeTheWorkerEnds() throws InterruptedException {
        WorkspaceRequest request = request();
        try (TemporalServer server = TemporalServer.choose(Optional.empty(), folder);
                TemporalConnection connection = TemporalConnection.open(server.address())) {
            ControlWorker worker = ControlWorker.startWithoutStatus(
                    connection,
                    activities(),
                    new SweepActivitiesImpl(new NoMachines(), id -> true, id -> true, () -> 0));
            new WorkspaceClient(connection, false)
                    .desire(request.id(), new DesiredState("f", 1, Optional.of(request), List.of()));
            assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();

            CompletableFuture<Void> closing = CompletableFuture.runAsync(worker::close);
            goOn.countDown();
            closing.join();

            assertThat(connection
                            .client()
                            .fetchHistory(request.id().workflowId())
                            .getEvents())
                    .extracting(HistoryEvent::getEventType)
                    .contains(EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED)
                    .doesNotContain(EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED);
        }
    }

    private static WorkspaceRequest request() {
        MachineSettings machines = MachineSettings.from(Map.of(), "default");
        Translation translation = new ManifestReader()
                .read(EXAMPLE)
                .translatedBy(ControlPlane.translator(machines, TranslatorSettings.strict(), Clock.systemUTC()));
        return ((Translation.Accepted) translation).request();
    }

    private ControlActivities activities() {
        PreflightActivities slow = this::inspect;
        return new ControlActivities(
                new PlanActivitiesImpl(
                        PresetCatalogue.load(),
                        new CatalogueMachines(
                                GpuCatalogue.load(), "azure", List.of(), OwnNodes.UNKNOWN, Clock.systemUTC())),
                slow,
                new NodeActivitiesImpl(new NoMachines()),
                new RolloutActivitiesImpl(new NoRollout()),
                new ParkingActivitiesImpl(new LocalParking()),
                new OutputActivitiesImpl(
                        id -> {
                            throw new IllegalStateException("Nothing was pushed");
                        },
                        id -> Optional.empty()),
                snapshot -> {});
    }

    private PreflightReport inspect(PreflightActivities.Input input) {
        entered.countDown();
        try {
            goOn.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("The call was broken off", e);
        }
        return new PreflightReport(List.of(), Optional.empty());
    }

    private static final class NoMachines implements NodeProvisioner {

        @Override
        public NodeLease claim(NodeRequest request) {
            throw new IllegalStateException("There are no machines");
        }

        @Override
        public NodeLease observe(NodeRequest request) {
            throw new IllegalStateException("There are no machines");
        }

        @Override
        public List<NodeRequest> held(WorkspaceId id) {
            return List.of();
        }

        @Override
        public List<NodeRequest> all() {
            return List.of();
        }

        @Override
        public boolean release(NodeRequest request) {
            return true;
        }
    }

    /** Runs nothing. */
    private static final class NoRollout implements Rollout {

        @Override
        public TunerHandle startTuner(TunerInput input) {
            throw new RolloutException.Unsupported("This test starts no tuner.");
        }

        @Override
        public TunerHandle startPusher(PusherInput input, Consumer<String> waiting) {
            throw new RolloutException.Unsupported("This test starts no pusher.");
        }

        @Override
        public TunerEnd tunerEnd(WorkspaceId id) {
            return TunerEnd.unknown();
        }

        @Override
        public void stopTuner(WorkspaceId id) {
            // Nothing was started.
        }

        @Override
        public Endpoint roll(RollInput input, Runnable waiting) {
            throw new RolloutException.Unsupported("This test starts no server.");
        }

        @Override
        public void retire(WorkspaceId id) {
            // Nothing was started.
        }
    }
}
