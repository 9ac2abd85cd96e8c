package io.kaitoflow.workflows.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.failure.ActivityFailures;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.nodes.NodeActivities;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.nodes.Release;
import io.kaitoflow.workflows.plan.PlanActivities;
import io.kaitoflow.workflows.plan.WorkspacePlan;
import io.kaitoflow.workflows.preflight.PreflightActivities;
import io.kaitoflow.workflows.preflight.PreflightReport;
import io.kaitoflow.workflows.report.AttachedReport;
import io.kaitoflow.workflows.report.ReportActivities;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.rollout.RolloutActivities;
import io.kaitoflow.workflows.rollout.TunerEnd;
import io.kaitoflow.workflows.rollout.TunerHandle;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.tuning.DatasetActivities;
import io.kaitoflow.workflows.tuning.Evaluation;
import io.kaitoflow.workflows.tuning.FetchedInputs;
import io.kaitoflow.workflows.tuning.ImageActivities;
import io.kaitoflow.workflows.tuning.PushedImage;
import io.kaitoflow.workflows.tuning.TuningActivities;
import io.temporal.activity.Activity;
import io.temporal.client.ActivityCanceledException;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Everything outside the workflow, by hand: writes down each call, knows what is taken, and refuses or waits where told to. */
final class FakeWorld
        implements PlanActivities,
                PreflightActivities,
                NodeActivities,
                RolloutActivities,
                DatasetActivities,
                TuningActivities,
                ImageActivities,
                ReportActivities {

    /** The queue of tuners that take no work. */
    static final String DEAF = "tuner/deaf";

    /** A call that is entered, and stays until it may go on. */
    private record Hold(CountDownLatch reached, CountDownLatch goOn, WhenCancelled whenCancelled) {}

    private enum WhenCancelled {
        ENDS,
        GOES_ON,
        FAILS
    }

    private final List<String> calls = new ArrayList<>();
    private final Set<String> taken = new HashSet<>();
    private final Map<String, Deque<RuntimeException>> refusals = new HashMap<>();
    private final Map<String, Hold> holds = new ConcurrentHashMap<>();
    private PreflightReport report = new PreflightReport(List.of(), Optional.of(Samples.rows()));
    private final List<NodeRequest> forgotten = new ArrayList<>();
    private final List<NodeRequest> leaving = new ArrayList<>();
    private int looksUntilReady;
    private int looksInVain;
    private int turnsAhead;
    private int releasesUntilGone = 1;
    private int deafStarts;
    private boolean servesInPlace;
    private Optional<String> takenBack = Optional.empty();
    private double tunedLoss = 1.0;
    private TunerEnd end = TunerEnd.unknown();
    private final List<ReportActivities.Input> reported = new ArrayList<>();

    /** The next call of this name fails. */
    synchronized void refuse(String call, FailureKind kind, String message) {
        refuse(call, ActivityFailures.of(kind, message, null));
    }

    synchronized void refuse(String call, ApplicationFailure failure) {
        refusals.computeIfAbsent(call, name -> new ArrayDeque<>()).add(failure);
    }

    /** Calls of this name heartbeat until cancelled, or until {@link #letGo}. */
    void hold(String call) {
        holds.put(call, new Hold(new CountDownLatch(1), new CountDownLatch(1), WhenCancelled.ENDS));
    }

    /** The same, but a cancelled call ends as if nobody had cancelled it. */
    void holdDeaf(String call) {
        holds.put(call, new Hold(new CountDownLatch(1), new CountDownLatch(1), WhenCancelled.GOES_ON));
    }

    /** The same, but a call that may go on fails. */
    void holdUntilFailure(String call) {
        holds.put(call, new Hold(new CountDownLatch(1), new CountDownLatch(1), WhenCancelled.FAILS));
    }

    void letGo(String call) {
        held(call).goOn().countDown();
        holds.remove(call);
    }

    void awaitReached(String call) throws InterruptedException {
        assertThat(held(call).reached().await(20, TimeUnit.SECONDS))
                .as("%s was called", call)
                .isTrue();
    }

    private Hold held(String call) {
        return Optional.ofNullable(holds.get(call)).orElseThrow();
    }

    void report(PreflightReport next) {
        report = next;
    }

    void readyAfterLooks(int looks) {
        looksUntilReady = looks;
    }

    /** The first looks find nothing that could be taken. */
    void nothingFreeFor(int looks) {
        looksInVain = looks;
    }

    /** So many others are served first: each look finds one less. */
    void turnsAhead(int others) {
        turnsAhead = others;
    }

    void goneAfterReleases(int releases) {
        releasesUntilGone = releases;
    }

    void tunedLoss(double loss) {
        tunedLoss = loss;
    }

    /** Names of all calls so far, oldest first. */
    synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    synchronized void forgetCalls() {
        calls.clear();
    }

    /** What is leased or runs. */
    synchronized Set<String> taken() {
        return Set.copyOf(taken);
    }

    @Override
    public WorkspacePlan plan(WorkspaceRequest request) {
        called("plan");
        return Samples.plan(request);
    }

    @Override
    public PreflightReport inspect(PreflightActivities.Input input) {
        PreflightReport seen = report;
        called(input.serverStays() ? "inspect beside a server" : "inspect");
        return seen;
    }

    @Override
    public NodeLease claim(NodeRequest request) {
        if (turnsAhead > 0) {
            called("queue " + request.number());
            String turn = "place " + turnsAhead-- + " of 100";
            return NodeLease.queued(
                    "ws" + request.number(), request.option(), turn, "Waits for its turn: " + turn + ".");
        }
        take("machine " + request.number());
        called("claim " + request.option().instanceType());
        return looksInVain > 0 ? waiting(request) : Samples.lease(request, looksUntilReady == 0);
    }

    @Override
    public NodeLease observe(NodeRequest request) {
        called("observe");
        if (--looksInVain > 0) {
            return waiting(request);
        }
        return Samples.lease(request, --looksUntilReady <= 0);
    }

    /** Machines that an earlier run took, and nobody remembers. */
    void heldAlready(NodeRequest request) {
        forgotten.add(request);
        take("machine " + request.number());
    }

    /** Machines that are on their way out already. */
    void leaving(NodeRequest request) {
        leaving.add(request);
        take("machine " + request.number());
    }

    @Override
    public List<NodeRequest> remains(WorkspaceId id) {
        return List.copyOf(leaving);
    }

    @Override
    public synchronized List<NodeRequest> held(WorkspaceId id) {
        refuseIfTold("held");
        return List.copyOf(forgotten);
    }

    @Override
    public Release release(NodeRequest request) {
        called("release " + request.number());
        releasesUntilGone--;
        if (releasesUntilGone <= 0) {
            giveBack("machine " + request.number());
        }
        return releasesUntilGone <= 0 ? Release.of(true) : new Release(false, "ws" + request.number() + " is drained.");
    }

    @Override
    public TunerHandle startTuner(RolloutActivities.TunerInput input) {
        take("tuner");
        called("startTuner");
        String queue = deafStarts-- > 0 ? DEAF : TaskQueues.tuner(input.id());
        return new TunerHandle(queue, "tuner-" + input.attempt());
    }

    @Override
    public TunerHandle startPusher(RolloutActivities.PusherInput input) {
        take("tuner");
        called("startPusher");
        return new TunerHandle(TaskQueues.tuner(input.id()), "pusher-" + input.attempt());
    }

    /** The first tuners take no work. */
    void tunersTakeNothing(int starts) {
        deafStarts = starts;
    }

    /** What is known of tuners that fall silent from now on. */
    void tunersEnd(TunerEnd known) {
        end = known;
    }

    @Override
    public TunerEnd tunerEnd(WorkspaceId id) {
        called("tunerEnd");
        return end;
    }

    @Override
    public void stopTuner(WorkspaceId id) {
        called("stopTuner");
        giveBack("tuner");
    }

    @Override
    public boolean servedInPlace(RolloutActivities.RollInput input) {
        called("servedInPlace");
        return servesInPlace;
    }

    /** Every change can be made to the server that stands. */
    void servesEverythingInPlace() {
        servesInPlace = true;
    }

    @Override
    public Endpoint roll(RolloutActivities.RollInput input) {
        take("server");
        called("roll" + input.standing().map(lease -> " beside " + lease.name()).orElse(""));
        Endpoint endpoint = new Endpoint(
                "http://127.0.0.1:5000", input.adapters().getFirst().name());
        return takenBack.map(endpoint::with).orElse(endpoint);
    }

    /** The next servers do not come up, and what was before is taken back. */
    void takesBack(String remark) {
        takenBack = Optional.of(remark);
    }

    @Override
    public void retire(WorkspaceId id) {
        called("retire");
        giveBack("server");
    }

    @Override
    public FetchedInputs fetch(DatasetActivities.Input input) {
        called("fetch");
        return new FetchedInputs("/model", Samples.DIGEST, "/rows", Samples.DIGEST, Samples.rows());
    }

    @Override
    public AdapterArtifact tune(TuneInput input) {
        called("tune /" + input.batchDivisor());
        return new AdapterArtifact("/adapter", Samples.DIGEST, 72, 0.5, 9000, 0);
    }

    @Override
    public Evaluation evaluate(EvaluateInput input) {
        called("evaluate");
        return new Evaluation(OptionalDouble.of(2.0), OptionalDouble.of(tunedLoss), "loss on held-out rows");
    }

    @Override
    public PushedImage push(ImageActivities.Input input) {
        ImageReference image = Samples.image(input.target());
        String from = input.adapter().path().equals("/adapter")
                ? ""
                : " from " + input.adapter().path();
        called("push " + image.tag() + from + (input.accepted() ? "" : " refused"));
        return new PushedImage(image, Samples.DIGEST, image.registry());
    }

    /** What was told of each result; it decides nothing, so it is no call among the others. */
    synchronized List<ReportActivities.Input> reported() {
        return List.copyOf(reported);
    }

    @Override
    public AttachedReport attach(ReportActivities.Input input) {
        waitIfHeld("attach");
        synchronized (this) {
            reported.add(input);
            refuseIfTold("attach");
        }
        return new AttachedReport(Optional.of(Samples.DIGEST), true, "The training report is attached.");
    }

    private static NodeLease waiting(NodeRequest request) {
        return NodeLease.waiting("ws" + request.number(), request.option(), "All nodes are taken.");
    }

    void called(String call) {
        String name = call.split(" ", 2)[0];
        synchronized (this) {
            calls.add(call);
            refuseIfTold(name);
        }
        waitIfHeld(name);
    }

    private void refuseIfTold(String name) {
        Deque<RuntimeException> waiting = refusals.getOrDefault(name, new ArrayDeque<>());
        if (!waiting.isEmpty()) {
            throw waiting.removeFirst();
        }
    }

    private void waitIfHeld(String name) {
        Hold hold = holds.get(name);
        if (hold == null) {
            return;
        }
        hold.reached().countDown();
        try {
            do {
                Activity.getExecutionContext().heartbeat(null);
            } while (!hold.goOn().await(20, TimeUnit.MILLISECONDS));
            if (hold.whenCancelled() == WhenCancelled.FAILS) {
                throw ActivityFailures.of(FailureKind.NODE_NOT_READY, "It fell silent.", null);
            }
        } catch (ActivityCanceledException cancelled) {
            if (hold.whenCancelled() != WhenCancelled.GOES_ON) {
                throw cancelled;
            }
        } catch (InterruptedException stopped) {
            throw new IllegalStateException("The worker was stopped", stopped);
        }
    }

    synchronized void take(String thing) {
        taken.add(thing);
    }

    synchronized void giveBack(String thing) {
        taken.remove(thing);
    }
}
