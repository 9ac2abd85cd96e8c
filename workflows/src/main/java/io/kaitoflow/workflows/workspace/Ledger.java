package io.kaitoflow.workflows.workspace;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.WorkspacePlan;
import io.kaitoflow.workflows.preflight.PreflightReport;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.rollout.TunerHandle;
import io.kaitoflow.workflows.status.Attempt;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.tuning.Evaluation;
import io.kaitoflow.workflows.tuning.FetchedInputs;
import io.kaitoflow.workflows.tuning.PushedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is done and what is owed: the result of every step under its key, and the undo of everything taken. Written only by the
 * steps; serialisable, because it outlives a run.
 */
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
final class Ledger {

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
    private @Nullable StepKey halved;
    private int leases;
    private int tunedOn;
    private int tunerStarts;
    private int resumes;
    private final List<Attempt> attempts = new ArrayList<>();
    private final List<Undo> owed = new ArrayList<>();

    Optional<Keyed<WorkspacePlan>> plan() {
        return Optional.ofNullable(plan);
    }

    void planned(StepKey key, WorkspacePlan made) {
        plan = new Keyed<>(key, made);
    }

    Optional<Keyed<PreflightReport>> preflight() {
        return Optional.ofNullable(preflight);
    }

    void inspected(StepKey key, PreflightReport report) {
        preflight = new Keyed<>(key, report);
    }

    Optional<NodeLease> lease() {
        return Optional.ofNullable(lease);
    }

    Optional<NodeRequest> machine() {
        return Optional.ofNullable(machine);
    }

    int nextLease() {
        return ++leases;
    }

    void leased(NodeRequest request, NodeLease ready) {
        machine = request;
        lease = ready;
    }

    /** A claim of a run that is forgotten: owed, and its number is not given again. */
    void adopt(NodeRequest held) {
        owe(new Undo.Release(held));
        leases = Math.max(leases, held.number());
    }

    Optional<TunerHandle> tuner() {
        return Optional.ofNullable(tuner);
    }

    int nextTunerStart() {
        return ++tunerStarts;
    }

    void tunerStarted(TunerHandle handle) {
        tuner = handle;
        tunedOn = leases;
    }

    /** Whether a tuner ran on the machine that is leased now. */
    boolean tunedOnThisLease() {
        return machine != null && machine.number() == tunedOn;
    }

    /** The tuner is gone without a good-bye: nothing that it said to have on its disk is trusted. */
    void tunerLost() {
        tuner = null;
        inputs = null;
        adapter = null;
    }

    Optional<Keyed<FetchedInputs>> inputs() {
        return Optional.ofNullable(inputs);
    }

    void fetched(StepKey key, FetchedInputs fetched) {
        inputs = new Keyed<>(key, fetched);
    }

    /** The adapter as it lies on the leased machine. */
    Optional<Keyed<AdapterArtifact>> adapter() {
        return Optional.ofNullable(adapter);
    }

    /** What was trained last, also when its machine is gone. */
    Optional<Keyed<AdapterArtifact>> trained() {
        return Optional.ofNullable(trained);
    }

    void tuned(StepKey key, AdapterArtifact made) {
        adapter = new Keyed<>(key, made);
        trained = adapter;
    }

    Optional<Keyed<Evaluation>> evaluation() {
        return Optional.ofNullable(evaluation);
    }

    void evaluated(StepKey key, Evaluation result) {
        evaluation = new Keyed<>(key, result);
    }

    Optional<Keyed<PushedImage>> output() {
        return Optional.ofNullable(output);
    }

    void pushed(StepKey key, PushedImage image) {
        output = new Keyed<>(key, image);
    }

    Optional<Keyed<Endpoint>> endpoint() {
        return Optional.ofNullable(endpoint);
    }

    void serving(StepKey key, Endpoint at) {
        endpoint = new Keyed<>(key, at);
    }

    /** 2 once the machine ran out of memory under this key, else 1. */
    int batchDivisor(StepKey key) {
        return key.equals(halved) ? 2 : 1;
    }

    void halveBatch(StepKey key) {
        halved = key;
    }

    int resumes() {
        return resumes;
    }

    void resumed() {
        resumes++;
    }

    List<Attempt> attempts() {
        return List.copyOf(attempts);
    }

    void attempted(Attempt attempt) {
        attempts.add(attempt);
        if (attempts.size() > KEPT_ATTEMPTS) {
            attempts.removeFirst();
        }
    }

    /** What is to be given back, oldest first. */
    List<Undo> owed() {
        return List.copyOf(owed);
    }

    void owe(Undo undo) {
        if (!owed.contains(undo)) {
            owed.add(undo);
        }
    }

    /** Notes that something was given back, and forgets what went with it. */
    void settle(Undo undo) {
        owed.remove(undo);
        switch (undo) {
            case Undo.Release release when release.request().equals(machine) -> leaseGone();
            case Undo.Release _ -> {}
            case Undo.StopTuner _ -> tuner = null;
            case Undo.Retire _ -> endpoint = null;
        }
    }

    /** Everything the outside is told. */
    WorkspaceSnapshot snapshot(WorkspaceId id, String fingerprint, PhaseBoard board) {
        return new WorkspaceSnapshot(
                id,
                fingerprint,
                board.phase(),
                board.passed(),
                preflight().map(Keyed::value),
                lease().map(NodeLease::nodes).orElse(List.of()),
                attempts,
                trained().map(Keyed::value),
                evaluation().map(Keyed::value),
                output().map(Keyed::value),
                endpoint().map(Keyed::value),
                resumes,
                plan().map(made -> made.value().notes()).orElse(List.of()));
    }

    private void leaseGone() {
        machine = null;
        lease = null;
        tunerLost();
    }
}
