package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.cost.Account;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.Surging;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.workspace.ledger.Keyed;
import io.kaitoflow.workflows.workspace.ledger.Ledger;
import io.kaitoflow.workflows.workspace.ledger.Predecessor;
import io.kaitoflow.workflows.workspace.wish.Wishes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a run says of itself: all that the outside may know. */
record Word(WorkspaceId id, Wishes wishes, Ledger ledger, PhaseBoard board) {

    WorkspaceSnapshot of(String run) {
        return WorkspaceSnapshot.builder(id, wishes.fingerprint(), board.phase())
                .passed(board.passed())
                .preflight(ledger.preflight().map(Keyed::value))
                .nodes(nodes())
                .attempts(ledger.attempts())
                .adapter(ledger.trained().map(Keyed::value))
                .evaluation(ledger.evaluation().map(Keyed::value))
                .output(ledger.output().map(Keyed::value))
                .endpoint(ledger.answering())
                .resumes(ledger.resumes())
                .notes(ledger.plan().map(made -> made.value().notes()).orElse(List.of()))
                .runId(Optional.of(run))
                .account(Optional.of(new Account(ledger.meters().spending(), wishes.budget(), ledger.warning())))
                .owed(ledger.debts().inWords(ledger.tuner()))
                .madeFrom(ledger.output().map(made -> made.key().value()))
                .remark(ledger.remark())
                .objection(board.objection())
                .report(ledger.journal().report())
                .parked(ledger.kept().result().map(Keyed::value))
                .surge(Optional.of(new Surging(
                        ledger.surge().predecessor().isPresent(), ledger.surge().remark())))
                .build();
    }

    private List<String> nodes() {
        return Stream.concat(ledger.surge().predecessor().map(Predecessor::lease).stream(), ledger.lease().stream())
                .flatMap(lease -> lease.nodes().stream())
                .distinct()
                .toList();
    }
}
