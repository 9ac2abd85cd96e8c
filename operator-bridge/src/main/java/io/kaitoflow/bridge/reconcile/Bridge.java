package io.kaitoflow.bridge.reconcile;

import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.status.ProgressRounds;
import io.kaitoflow.bridge.status.StatusBoard;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operator that watches workspaces and tells their runs. Any number of replicas may run: every call is idempotent. */
public final class Bridge implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Bridge.class);

    /** Signals at once; more would only queue at the Temporal server. */
    private static final int THREADS = 16;

    /** Lists in pages are of today; others may show what is gone, and would start runs for it. */
    private static final long PAGE = 500;

    private static final Duration FIRST_RETRY = Duration.ofMillis(500);
    private static final Duration LAST_RETRY = Duration.ofSeconds(10);

    private final WorkflowGateway gateway;
    private final WorkspaceObjects objects;
    private final WishDelivery delivery;
    private final WorkspaceReconciler reconciler;
    private final StatusBoard board;
    private final RollCall rollCall;
    private final Orphans orphans;
    private final Supplier<Stream<WorkspaceId>> holders;
    private final Operator operator;
    private volatile boolean healthy = true;
    private final Rounds rounds = new Rounds("bridge-rounds");

    /**
     * @param objects that are looked after
     * @param holders of machines, as far as they are known
     */
    public Bridge(
            WorkspaceObjects objects,
            WorkflowGateway gateway,
            WishDelivery delivery,
            Departures departures,
            StatusBoard board,
            Supplier<Stream<WorkspaceId>> holders) {
        this.objects = objects;
        this.gateway = gateway;
        this.delivery = delivery;
        this.board = board;
        this.reconciler = new WorkspaceReconciler(delivery, departures, objects.watched());
        this.rollCall = new RollCall(gateway);
        this.orphans = new Orphans(holders, objects::exists);
        this.holders = holders;
        this.operator = new Operator(configuration -> configuration
                .withKubernetesClient(objects.client())
                .withCloseClientOnStop(false)
                .withUseSSAToPatchPrimaryResource(false)
                .withInformerStoppedHandler((informer, cause) -> watchEnded(cause))
                .withConcurrentReconciliationThreads(THREADS));
    }

    /**
     * Returns when all objects were read once.
     *
     * @param progress the rounds that ask for what nobody says by itself
     */
    public void start(BridgePace pace, ProgressRounds progress) {
        WishFilter filter = new WishFilter(delivery.times());
        operator.register(
                reconciler,
                configuration -> configuration
                        .settingNamespaces(objects.watched().forInformers())
                        .withFinalizer(Finalizer.NAME)
                        .withGenerationAware(false)
                        .withInformerListLimit(PAGE)
                        .withOnAddFilter(filter::acceptNew)
                        .withOnUpdateFilter(filter)
                        .withRetry(new GenericRetry()
                                .setInitialInterval(FIRST_RETRY)
                                .setMaxInterval(LAST_RETRY.toMillis())
                                .withoutMaxAttempts()));
        operator.start();
        rounds.every(pace.relist(), this::relist);
        rounds.every(pace.rollCall(), this::callRoll);
        rounds.every(pace.progress(), progress::go);
    }

    /** False once a watch ended for good: only a fresh process sees everything again. */
    public boolean healthy() {
        return healthy;
    }

    private void watchEnded(@Nullable Throwable cause) {
        if (cause != null) {
            LOG.error("A watch ended for good; this process has to be started anew", cause);
            healthy = false;
        }
    }

    /** Looks at one workspace again, for a reason that lies in no object. */
    public void nudge(WorkspaceId id) {
        reconciler.nudge(id);
    }

    /** Looks at all workspaces again, e.g. when the lease was won. */
    public void nudgeAll() {
        reconciler.known().map(WorkspaceTranslator::idOf).forEach(reconciler::nudge);
    }

    /** What events should have told, read from the API server itself. Wishes come late: while Temporal is away each of them waits. */
    void relist() {
        Set<WorkspaceId> known = board.known();
        Set<String> noticed = delivery.times().waiting();
        List<Workspace> listed = objects.all();
        Set<WorkspaceId> existing = ids(listed.stream());
        board.forgetGone(known, existing);
        delivery.times().forgetGone(noticed, existing);
        board.tick();
        listed.stream()
                .filter(workspace -> workspace.hasFinalizer(Finalizer.NAME))
                .forEach(this::deliverAgain);
        remindOfMachines();
    }

    /** One that cannot be delivered keeps nobody waiting who stands behind it in the list. */
    private void deliverAgain(Workspace workspace) {
        try {
            delivery.deliver(workspace, reconciler.references(workspace));
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("namespace", workspace.getMetadata().getNamespace())
                    .addKeyValue("workspace", workspace.getMetadata().getName())
                    .setCause(e)
                    .log("A workspace could not be delivered again; the next list tries it once more");
        }
    }

    /**
     * A run that came after one that was forgotten a moment after it had claimed a machine does not know of the claim, as the watch
     * did not; where it rests without one it looks again.
     */
    private void remindOfMachines() {
        holders.get().filter(board::restsWithoutMachine).forEach(id -> gateway.nodeObserved(id, "held"));
    }

    /** An old list may show what is gone, and nothing is started for that. */
    private void callRoll() {
        gateway.prepare();
        Set<WorkspaceId> expected = ids(reconciler.known().filter(this::expectedToRun));
        Set<String> openRuns = gateway.openRuns();
        rollCall.missing(expected, openRuns).stream().filter(objects::exists).forEach(id -> {
            delivery.forget(id);
            board.runIsGone(id);
            reconciler.nudge(id);
        });
        Set<WorkspaceId> known = ids(reconciler.known());
        orphans.among(known, openRuns).forEach(delivery::deliverAbsence);
        known.stream().filter(board::released).forEach(reconciler::nudge);
    }

    private static Set<WorkspaceId> ids(Stream<Workspace> workspaces) {
        return workspaces.map(WorkspaceTranslator::idOf).collect(Collectors.toSet());
    }

    /** One that was refused from the beginning has none, and a released one has none any more. */
    private boolean expectedToRun(Workspace workspace) {
        WorkspaceId id = WorkspaceTranslator.idOf(workspace);
        return workspace.isMarkedForDeletion() ? !board.released(id) : board.expectsRun(id);
    }

    @Override
    public void close() {
        rounds.close();
        operator.stop();
    }
}
