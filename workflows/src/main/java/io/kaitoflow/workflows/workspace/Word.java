package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.cost.Account;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.workspace.ledger.Keyed;
import io.kaitoflow.workflows.workspace.ledger.Ledger;
import io.kaitoflow.workflows.workspace.wish.Wishes;
import java.util.List;
import java.util.Optional;

/** What a run says of itself: all that the outside may know. */
record Word(WorkspaceId id, Wishes wishes, Ledger ledger, PhaseBoard board) {

    WorkspaceSnapshot of(String run) {
        return new WorkspaceSnapshot(
                id,
                wishes.fingerprint(),
                board.phase(),
                board.passed(),
                ledger.preflight().map(Keyed::value),
                ledger.lease().map(NodeLease::nodes).orElse(List.of()),
                ledger.attempts(),
                ledger.trained().map(Keyed::value),
                ledger.evaluation().map(Keyed::value),
                ledger.output().map(Keyed::value),
                ledger.endpoint().map(Keyed::value),
                ledger.resumes(),
                ledger.plan().map(made -> made.value().notes()).orElse(List.of()),
                Optional.of(run),
                Optional.of(new Account(ledger.spending(), wishes.budget(), ledger.warning())),
                ledger.debts(),
                ledger.output().map(made -> made.key().value()),
                ledger.remark(),
                board.objection(),
                ledger.journal().report(),
                ledger.kept().result().map(Keyed::value));
    }
}
