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
import java.util.Objects;
import java.util.Optional;

/**
 * Everything the workflow tells the outside; the answer of its query and the body of every status write.
 *
 * @param id whose
 * @param fingerprint of the desired state that is being worked on
 * @param phase how far
 * @param passed the phases before that one, oldest first, as far as they are remembered; some last too short to be told alone
 * @param preflight what was found, once looked
 * @param nodes leased machines
 * @param attempts what providers answered, oldest first
 * @param adapter once trained
 * @param evaluation once evaluated
 * @param output once pushed
 * @param endpoint while serving
 * @param resumes restarts from a checkpoint
 * @param notes of the plan
 * @param runId of the run that speaks
 * @param account what was spent
 * @param owed what has to be given back, oldest first
 * @param madeFrom key of the output's making; a run that remembers nothing takes the output over while the wish still has it
 * @param remark what is to be known about the output
 * @param objection why the last order means nothing
 * @param report of the training that made the output, or why there is none
 * @param parked what is made and could not be pushed
 * @param surge how an edit is fulfilled beside a server that answers
 */
public record WorkspaceSnapshot(
        WorkspaceId id,
        String fingerprint,
        Phase phase,
        List<Phase> passed,
        Optional<PreflightReport> preflight,
        List<String> nodes,
        List<Attempt> attempts,
        Optional<AdapterArtifact> adapter,
        Optional<Evaluation> evaluation,
        Optional<PushedImage> output,
        Optional<Endpoint> endpoint,
        int resumes,
        List<String> notes,
        Optional<String> runId,
        Optional<Account> account,
        List<Owed> owed,
        Optional<String> madeFrom,
        Optional<String> remark,
        Optional<String> objection,
        Optional<AttachedReport> report,
        Optional<ParkedAdapter> parked,
        Optional<Surging> surge) {

    public WorkspaceSnapshot {
        // Absent from what older runs said.
        passed = passed == null ? List.of() : List.copyOf(passed);
        nodes = List.copyOf(nodes);
        attempts = List.copyOf(attempts);
        notes = List.copyOf(notes);
        owed = List.copyOf(Objects.requireNonNullElse(owed, List.of()));
        objection = Objects.requireNonNullElse(objection, Optional.empty());
        report = Objects.requireNonNullElse(report, Optional.empty());
        parked = Objects.requireNonNullElse(parked, Optional.empty());
        surge = Objects.requireNonNullElse(surge, Optional.empty());
    }

    /** Of a run about which no more is known than it is given. */
    public static SnapshotBuilder builder(WorkspaceId id, String fingerprint, Phase phase) {
        return new SnapshotBuilder(id, fingerprint, phase);
    }

    /** Whether what was served before answers on its own machine while the newest wish is worked on. */
    public boolean answersMeanwhile() {
        return surge.filter(Surging::underWay).isPresent();
    }
}
