package io.kaitoflow.workflows.workspace.ledger;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.WorkspacePlan;
import io.kaitoflow.workflows.preflight.PreflightReport;
import io.kaitoflow.workflows.report.RunJournal;
import io.kaitoflow.workflows.report.TunerStart;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.rollout.TunerHandle;
import io.kaitoflow.workflows.status.Attempt;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.tuning.Evaluation;
import io.kaitoflow.workflows.tuning.FetchedInputs;
import io.kaitoflow.workflows.tuning.PushedImage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is done and what is owed: the result of every step under its key, and the undo of everything taken. Written only by the
 * steps; serialisable, because it outlives a run.
 */
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
public final class Ledger {

    /** Older answers of providers are dropped; the status shows the recent ones. */
    private static final int KEPT_ATTEMPTS = 20;

    private @Nullable Keyed<WorkspacePlan> plan;
    private @Nullable Keyed<PreflightReport> preflight;
    private @Nullable NodeRequest machine;
    private @Nullable NodeLease lease;
    private @Nullable TunerHandle tuner;
    private @Nullable Keyed<FetchedInputs> inputs;
    private @Nullable Keyed<AdapterArtifact> adapter;
    private @Nullable Keyed<AdapterArtifact> trained;
    private @Nullable Keyed<Evaluation> evaluation;
    private @Nullable Keyed<PushedImage> output;
    private @Nullable Keyed<Endpoint> endpoint;
    private @Nullable String remark;
    private @Nullable String warning;
    private boolean tookOver;
    private boolean replaces;
    private int leases;
    private int tunedOn;
    private int tunerStarts;
    private int resumes;
    private final List<Attempt> attempts = new ArrayList<>();
    private final RunJournal journal = new RunJournal();
    private final Kept kept = new Kept();
    private final Surge surge = new Surge();

    @JsonUnwrapped
    private final Shelves shelves = new Shelves();

    @JsonUnwrapped
    private final BatchCut batch = new BatchCut();

    @JsonUnwrapped
    private final Debts debts = new Debts();

    @JsonUnwrapped
    private final Meters meters = new Meters();

    public Optional<Keyed<WorkspacePlan>> plan() {
        return Optional.ofNullable(plan);
    }

    public void planned(StepKey key, WorkspacePlan made) {
        plan = new Keyed<>(key, made);
    }

    public Optional<Keyed<PreflightReport>> preflight() {
        return Optional.ofNullable(preflight);
    }

    public void inspected(StepKey key, PreflightReport report) {
        preflight = new Keyed<>(key, report);
    }

    public Optional<NodeLease> lease() {
        return Optional.ofNullable(lease);
    }

    public Optional<NodeRequest> machine() {
        return Optional.ofNullable(machine);
    }

    /** Whether a machine is asked for in the place of one that was lost. */
    public boolean replaces() {
        return replaces;
    }

    /** A machine was lost; or there is one again, or none is asked for any more. */
    public void replace(boolean wanted) {
        replaces = wanted;
    }

    public int nextLease() {
        return ++leases;
    }

    public void leased(NodeRequest request, NodeLease ready, Instant at) {
        machine = request;
        lease = ready;
        meters.hold(held(), at);
    }

    /** What costs: the machine, and those beside it. */
    private Stream<NodeRequest> held() {
        return Stream.concat(machine().stream(), surge.machines());
    }

    /** Nothing is true of the machine and the server on it until somebody looked again; it still costs, and is still owed. */
    public void doubt(Instant at) {
        lease = null;
        silent(at);
    }

    /** No model answers any more. */
    private void silent(Instant at) {
        endpoint = null;
        surge.silent();
        meters.served(false, at);
    }

    /** What runs up with time. */
    public Meters meters() {
        return meters;
    }

    public Optional<String> warning() {
        return Optional.ofNullable(warning);
    }

    /** A bound is near; null takes it back. */
    public void warn(@Nullable String sentence) {
        warning = sentence;
    }

    /** A claim of a run that is forgotten: owed, and its number is not given again. */
    public void adopt(NodeRequest held) {
        owe(new Undo.Release(held));
        leases = Math.max(leases, held.number());
    }

    public Optional<TunerHandle> tuner() {
        return Optional.ofNullable(tuner);
    }

    public int nextTunerStart() {
        return ++tunerStarts;
    }

    public void tunerStarted(TunerHandle handle, TunerStart start) {
        tuner = handle;
        tunedOn = leases;
        journal.started(start);
    }

    public RunJournal journal() {
        return journal;
    }

    /** Whether a tuner ran on the machine that is leased now. */
    public boolean tunedOnThisLease() {
        return machine != null && machine.number() == tunedOn;
    }

    /** The tuner is gone without a good-bye: nothing that it said to have on its disk is trusted. */
    public void tunerLost() {
        tuner = null;
        inputs = null;
        adapter = null;
    }

    /** Where checkpoints lie. */
    public Shelves shelves() {
        return shelves;
    }

    public Optional<Keyed<FetchedInputs>> inputs() {
        return Optional.ofNullable(inputs);
    }

    public void fetched(StepKey key, FetchedInputs fetched) {
        inputs = new Keyed<>(key, fetched);
    }

    /** The adapter as it lies on the leased machine. */
    public Optional<Keyed<AdapterArtifact>> adapter() {
        return Optional.ofNullable(adapter);
    }

    /** What was trained last, also when its machine is gone. */
    public Optional<Keyed<AdapterArtifact>> trained() {
        return Optional.ofNullable(trained);
    }

    public void tuned(StepKey key, AdapterArtifact made) {
        adapter = new Keyed<>(key, made);
        trained = adapter;
    }

    /** A result that could not be pushed. */
    public Kept kept() {
        return kept;
    }

    /** Who pushes what was kept; it tunes nothing, so it is no start of a training. */
    public void pusherStarted(TunerHandle handle) {
        tuner = handle;
    }

    public Optional<Keyed<Evaluation>> evaluation() {
        return Optional.ofNullable(evaluation);
    }

    public void evaluated(StepKey key, Evaluation result) {
        evaluation = new Keyed<>(key, result);
    }

    public Optional<Keyed<PushedImage>> output() {
        return Optional.ofNullable(output);
    }

    public void pushed(StepKey key, PushedImage image, Instant at) {
        output = new Keyed<>(key, image);
        // What was kept was looked at before it was made.
        tookOver |= kept.result().isPresent();
        remark = null;
        warning = null;
        meters.unbound(at);
        journal.reported(null);
    }

    /** What was pushed is gone, and nothing that it was made of is left either. */
    public void outputLost(String why) {
        output = null;
        evaluation = null;
        tunerLost();
        remark(why);
    }

    /** What a run made that is forgotten. */
    public void takeOver(Keyed<Evaluation> measured, Keyed<PushedImage> made) {
        evaluation = measured;
        output = made;
        tookOver = true;
    }

    /** Whether the output was made by an earlier run, or for an earlier wish. */
    public boolean tookOver() {
        return tookOver;
    }

    /** What is to be known about the output. */
    public void remark(String sentence) {
        remark = sentence;
    }

    public Optional<String> remark() {
        return Optional.ofNullable(remark);
    }

    public Optional<Keyed<Endpoint>> endpoint() {
        return Optional.ofNullable(endpoint);
    }

    /** What answers: the server, or the one before it while it comes up. */
    public Optional<Endpoint> answering() {
        return endpoint()
                .or(() -> surge.predecessor().map(Predecessor::endpoint))
                .map(Keyed::value);
    }

    public void serving(StepKey key, Endpoint at, Instant since) {
        endpoint = new Keyed<>(key, at);
        meters.served(true, since);
    }

    /** What answers may be anything: it is rolled out again, and answers meanwhile. */
    public void distrustServer() {
        endpoint().ifPresent(found -> endpoint = new Keyed<>(new StepKey("halfway"), found.value()));
    }

    /** Other answers than asked for, and why. */
    public void serveOn(String remark) {
        endpoint()
                .ifPresent(found ->
                        endpoint = new Keyed<>(found.key(), found.value().with(remark)));
    }

    /** What was done about an edit beside a server that answers. */
    public Surge surge() {
        return surge;
    }

    /** The server goes on answering where it is, and what comes next happens on another machine. */
    public void stepAside() {
        surge.begin(new Predecessor(
                machine().orElseThrow(), lease().orElseThrow(), endpoint().orElseThrow()));
        nothingLeased();
    }

    /** The machine of the server that answers is worked with again; what answers there may be anything. */
    public void stepBack(Instant at) {
        Predecessor before = surge.predecessor().orElseThrow();
        leave(at);
        surge.over();
        machine = before.machine();
        lease = before.lease();
        endpoint = before.endpoint();
        distrustServer();
    }

    /** The machine is not worked with any more, and costs until it is gone. */
    public void leave(Instant at) {
        machine().ifPresent(surge::leave);
        leaseGone(at);
    }

    private void nothingLeased() {
        machine = null;
        lease = null;
        endpoint = null;
        tunerLost();
    }

    /** How many rows the machine has room for at once. */
    public BatchCut batch() {
        return batch;
    }

    public int resumes() {
        return resumes;
    }

    public void resumed() {
        resumes++;
    }

    public List<Attempt> attempts() {
        return List.copyOf(attempts);
    }

    public void attempted(Attempt attempt) {
        attempts.add(attempt);
        if (attempts.size() > KEPT_ATTEMPTS) {
            attempts.removeFirst();
        }
    }

    /** What is to be given back, oldest first. */
    public List<Undo> owed() {
        return debts.owed();
    }

    public void owe(Undo undo) {
        debts.owe(undo);
    }

    /** What is to be given back, and what was answered to that. */
    public Debts debts() {
        return debts;
    }

    /** Notes that something was given back, and forgets what went with it. */
    public void settle(Undo undo, Instant at) {
        debts.settle(undo);
        switch (undo) {
            case Undo.Release release when release.request().equals(machine) -> leaseGone(at);
            case Undo.Release(NodeRequest beside) -> surge.gone(beside);
            case Undo.StopTuner _ -> tuner = null;
            case Undo.Retire _ -> {
                surge.dismiss();
                silent(at);
            }
        }
        meters.hold(held(), at);
    }

    private void leaseGone(Instant at) {
        meters.unbound(at);
        nothingLeased();
    }
}
