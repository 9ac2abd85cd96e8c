package io.kaitoflow.worker.control;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kaitoflow.activities.image.OutputActivitiesImpl;
import io.kaitoflow.activities.nodes.NodeActivitiesImpl;
import io.kaitoflow.activities.nodes.SweepActivitiesImpl;
import io.kaitoflow.activities.nodes.quota.CapTrial;
import io.kaitoflow.activities.nodes.quota.QueueFigures;
import io.kaitoflow.activities.preflight.CatalogueMachines;
import io.kaitoflow.activities.preflight.OwnNodes;
import io.kaitoflow.activities.preflight.PlanActivitiesImpl;
import io.kaitoflow.activities.preflight.PreflightActivitiesImpl;
import io.kaitoflow.activities.rollout.ParkingActivitiesImpl;
import io.kaitoflow.activities.rollout.RolloutActivitiesImpl;
import io.kaitoflow.activities.rollout.cluster.ClusterRollout;
import io.kaitoflow.activities.rollout.cluster.InspectorPods;
import io.kaitoflow.activities.rollout.cluster.ParkingPods;
import io.kaitoflow.activities.rollout.cluster.ServerWatch;
import io.kaitoflow.activities.rollout.cluster.access.TunerAccess;
import io.kaitoflow.bridge.reconcile.Bridge;
import io.kaitoflow.bridge.reconcile.BridgePace;
import io.kaitoflow.bridge.reconcile.BridgeTimes;
import io.kaitoflow.bridge.reconcile.Departures;
import io.kaitoflow.bridge.reconcile.Leadership;
import io.kaitoflow.bridge.reconcile.ListedStatuses;
import io.kaitoflow.bridge.reconcile.TemporalGateway;
import io.kaitoflow.bridge.reconcile.WishDelivery;
import io.kaitoflow.bridge.reconcile.WorkflowGateway;
import io.kaitoflow.bridge.reconcile.WorkspaceObjects;
import io.kaitoflow.bridge.status.BoardFigures;
import io.kaitoflow.bridge.status.BridgeStatusActivities;
import io.kaitoflow.bridge.status.ClusterEvents;
import io.kaitoflow.bridge.status.ProgressReader;
import io.kaitoflow.bridge.status.ProgressRounds;
import io.kaitoflow.bridge.status.StatusBoard;
import io.kaitoflow.bridge.status.StatusWriter;
import io.kaitoflow.bridge.translate.TranslatorSettings;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;
import io.kaitoflow.presets.PresetCatalogue;
import io.kaitoflow.temporal.Registration;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.temporal.TemporalException;
import io.kaitoflow.workflows.failure.ActivityFailures;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.sweep.Sweeping;
import io.kaitoflow.workflows.workspace.WorkspaceSearchAttributes;
import io.temporal.activity.Activity;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** One replica of the control plane: bridge, control worker and, while it holds the lease, status worker. */
final class ControlPlane implements AutoCloseable {

    /** A ready machine that nobody uses costs as much as one at work. */
    private static final Duration NEWS_AGAIN = Duration.ofSeconds(5);

    /** A probe waits a second as a rule. */
    private static final Duration PROBE = Duration.ofMillis(800);

    private final Clock clock;
    private final String temporal;
    private final TemporalConnection connection;
    private final WorkflowGateway gateway;
    private final StatusBoard board = new StatusBoard();
    private final StatusWriter writer;
    private final StatusWorker statusWorker;
    private final Leadership leadership;
    private final Bridge bridge;
    private final MachineNews news;
    private final Machines machines;
    private final ServerWatch servers;
    private final ControlWorker worker;
    private final Optional<TunerDoor> door;
    private final Sweeper sweeper;

    /**
     * Returns when all objects were read once.
     *
     * @param client stays the caller's
     * @param times is told how fast the bridge is
     * @throws TemporalException when no Temporal server answers
     */
    ControlPlane(ControlSettings settings, KubernetesClient client, BridgePace pace, Clock clock, BridgeTimes times) {
        this.clock = clock;
        temporal = settings.temporal().target();
        connection = TemporalConnection.open(
                settings.temporal(), settings.access().with(settings.privacy().map(PrivacySettings::keys)));
        gateway = new TemporalGateway(connection, Registration.of(connection, WorkspaceSearchAttributes.ALL));
        ClusterEvents events = new ClusterEvents(client, clock);
        writer = new StatusWriter(board, client, events, clock);
        statusWorker = new StatusWorker(connection, new BridgeStatusActivities(this::told));
        leadership = new Leadership(client, settings.installation(), settings.identity(), this::lead, this::follow);
        WishDelivery delivery =
                new WishDelivery(translator(settings.machines(), settings.allowed(), clock), gateway, board, times);
        WorkspaceObjects objects =
                new WorkspaceObjects(client, settings.installation().watched());
        bridge = new Bridge(
                objects, gateway, delivery, new Departures(board, leadership::held, events), board, this::holders);
        news = new MachineNews(gateway, NEWS_AGAIN);
        servers = new ServerWatch(client, settings.rollout().installation(), board::lookAtServer, clock);
        board.watchServers(servers::trouble);
        door = settings.door().map(at -> TunerDoor.open(at, settings.privacy(), connection, clock));
        machines = new Machines(settings.machines(), client, news::tell, clock);
        worker = ControlWorker.startWithoutStatus(
                connection,
                activities(settings, client, clock),
                new SweepActivitiesImpl(
                        machines.provisioner(),
                        objects::exists,
                        gateway::running,
                        () -> tellWhoseMachinesAreWrong(objects.statuses())));
        sweeper = new Sweeper(connection, settings.machines().own().installation(), Sweeping.standard());
        sweeper.start();
        bridge.start(
                pace,
                new ProgressRounds(board, new ProgressReader(connection)::read, gateway::snapshot, gateway::running));
        leadership.start();
    }

    private int tellWhoseMachinesAreWrong(ListedStatuses statuses) {
        return machines.tellBereft(statuses.machines()) + machines.tellLaden(statuses.atRest());
    }

    /** Why only a fresh process can help; empty while this one can. */
    List<String> dead() {
        return bridge.healthy() && machines.healthy() && servers.healthy()
                ? List.of()
                : List.of("A watch of the API server ended for good.");
    }

    /** What is missing for work to be done; the bridge has read all objects before anybody can ask. */
    List<String> missing() {
        List<String> missing = new ArrayList<>(dead());
        if (!connection.answers(PROBE)) {
            missing.add("Temporal does not answer at " + temporal + "; what is applied meanwhile is made up for.");
        }
        return missing;
    }

    /** Whether this replica writes statuses and lets objects go. */
    boolean leads() {
        return leadership.held();
    }

    /** All workspaces as numbers; empty while another replica hears their runs. */
    Optional<BoardFigures> figures() {
        return leads() ? Optional.of(board.figures(clock.instant())) : Optional.empty();
    }

    /** Queues of namespaces as numbers; none while another replica says them. */
    List<QueueFigures> queues() {
        return leads() ? machines.queues() : List.of();
    }

    private ControlActivities activities(ControlSettings settings, KubernetesClient client, Clock clock) {
        ClusterImages images = new ClusterImages(client, settings.push());
        ClusterRollout rollout = new ClusterRollout(
                client,
                settings.rollout(),
                door.<TunerAccess>map(Function.identity()).orElseGet(TunerAccess::open));
        return new ControlActivities(
                plans(settings.machines(), machines.own(), clock),
                new PreflightActivitiesImpl(
                        ClusterSurroundings.surroundings(
                                new InspectorPods(client, settings.rollout()),
                                rollout,
                                new CapTrial(settings.machines().caps()),
                                images),
                        progress -> Activity.getExecutionContext().heartbeat(progress)),
                new NodeActivitiesImpl(machines.provisioner()),
                new RolloutActivitiesImpl(rollout),
                new ParkingActivitiesImpl(new ParkingPods(client, settings.rollout())),
                new OutputActivitiesImpl(images::of, id -> Optional.of(images.checkpoints(id))),
                new BridgeStatusActivities(this::toldIfLeading));
    }

    static PlanActivitiesImpl plans(MachineSettings machines, OwnNodes own, Clock clock) {
        return new PlanActivitiesImpl(
                PresetCatalogue.load(),
                new CatalogueMachines(machines.catalogue(), machines.cloud(), machines.zones(), own, clock));
    }

    static WorkspaceTranslator translator(MachineSettings machines, TranslatorSettings allowed, Clock clock) {
        return new WorkspaceTranslator(PresetCatalogue.load(), machines.catalogue(), allowed, clock);
    }

    private void told(WorkspaceSnapshot snapshot) {
        board.told(snapshot);
        if (snapshot.phase() instanceof Phase.Released) {
            bridge.nudge(snapshot.id());
        }
    }

    /** A run that this replica works on tells it at once; of another replica's matters the status queue decides. */
    private void toldIfLeading(WorkspaceSnapshot snapshot) {
        if (!leadership.held()) {
            throw ActivityFailures.elsewhere("Another replica writes statuses.");
        }
        told(snapshot);
    }

    private Stream<WorkspaceId> holders() {
        return machines.owners();
    }

    private void lead() {
        board.beginAnew();
        writer.activate();
        statusWorker.listen();
        bridge.nudgeAll();
    }

    private void follow() {
        statusWorker.pause();
        writer.deactivate();
    }

    @Override
    public void close() {
        leadership.close();
        statusWorker.close();
        bridge.close();
        sweeper.close();
        worker.close();
        door.ifPresent(TunerDoor::close);
        machines.close();
        servers.close();
        news.close();
        writer.close();
        connection.close();
    }
}
