package io.kaitoflow.workflows.status;

import io.kaitoflow.workflows.cost.Account;
import io.kaitoflow.workflows.parking.ParkedAdapter;
import io.kaitoflow.workflows.preflight.PreflightReport;
import io.kaitoflow.workflows.report.AttachedReport;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.tuning.Evaluation;
import io.kaitoflow.workflows.tuning.PushedImage;
import java.util.List;
import java.util.Optional;

/** Puts a {@link WorkspaceSnapshot} together, part by part and by name; what is left out is not known. */
public final class SnapshotBuilder {

    private final WorkspaceId id;
    private final String fingerprint;
    private final Phase phase;
    private List<Phase> passed = List.of();
    private Optional<PreflightReport> preflight = Optional.empty();
    private List<String> nodes = List.of();
    private List<Attempt> attempts = List.of();
    private Optional<AdapterArtifact> adapter = Optional.empty();
    private Optional<Evaluation> evaluation = Optional.empty();
    private Optional<PushedImage> output = Optional.empty();
    private Optional<Endpoint> endpoint = Optional.empty();
    private int resumes;
    private List<String> notes = List.of();
    private Optional<String> runId = Optional.empty();
    private Optional<Account> account = Optional.empty();
    private List<Owed> owed = List.of();
    private Optional<String> madeFrom = Optional.empty();
    private Optional<String> remark = Optional.empty();
    private Optional<String> objection = Optional.empty();
    private Optional<AttachedReport> report = Optional.empty();
    private Optional<ParkedAdapter> parked = Optional.empty();
    private Optional<Surging> surge = Optional.empty();

    SnapshotBuilder(WorkspaceId id, String fingerprint, Phase phase) {
        this.id = id;
        this.fingerprint = fingerprint;
        this.phase = phase;
    }

    public SnapshotBuilder passed(List<Phase> passed) {
        this.passed = passed;
        return this;
    }

    public SnapshotBuilder preflight(Optional<PreflightReport> preflight) {
        this.preflight = preflight;
        return this;
    }

    public SnapshotBuilder nodes(List<String> nodes) {
        this.nodes = nodes;
        return this;
    }

    public SnapshotBuilder attempts(List<Attempt> attempts) {
        this.attempts = attempts;
        return this;
    }

    public SnapshotBuilder adapter(Optional<AdapterArtifact> adapter) {
        this.adapter = adapter;
        return this;
    }

    public SnapshotBuilder evaluation(Optional<Evaluation> evaluation) {
        this.evaluation = evaluation;
        return this;
    }

    public SnapshotBuilder output(Optional<PushedImage> output) {
        this.output = output;
        return this;
    }

    public SnapshotBuilder endpoint(Optional<Endpoint> endpoint) {
        this.endpoint = endpoint;
        return this;
    }

    public SnapshotBuilder resumes(int resumes) {
        this.resumes = resumes;
        return this;
    }

    public SnapshotBuilder notes(List<String> notes) {
        this.notes = notes;
        return this;
    }

    public SnapshotBuilder runId(Optional<String> runId) {
        this.runId = runId;
        return this;
    }

    public SnapshotBuilder account(Optional<Account> account) {
        this.account = account;
        return this;
    }

    public SnapshotBuilder owed(List<Owed> owed) {
        this.owed = owed;
        return this;
    }

    public SnapshotBuilder madeFrom(Optional<String> madeFrom) {
        this.madeFrom = madeFrom;
        return this;
    }

    public SnapshotBuilder remark(Optional<String> remark) {
        this.remark = remark;
        return this;
    }

    public SnapshotBuilder objection(Optional<String> objection) {
        this.objection = objection;
        return this;
    }

    public SnapshotBuilder report(Optional<AttachedReport> report) {
        this.report = report;
        return this;
    }

    public SnapshotBuilder parked(Optional<ParkedAdapter> parked) {
        this.parked = parked;
        return this;
    }

    public SnapshotBuilder surge(Optional<Surging> surge) {
        this.surge = surge;
        return this;
    }

    public WorkspaceSnapshot build() {
        return new WorkspaceSnapshot(
                id,
                fingerprint,
                phase,
                passed,
                preflight,
                nodes,
                attempts,
                adapter,
                evaluation,
                output,
                endpoint,
                resumes,
                notes,
                runId,
                account,
                owed,
                madeFrom,
                remark,
                objection,
                report,
                parked,
                surge);
    }
}
