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
        return new WorkspaceSnapshot(
                id,
                wishes.fingerprint(),
                board.phase(),
                board.passed(),
                ledger.preflight().map(Keyed::value),
                nodes(),
                ledger.attempts(),
                ledger.trained().map(Keyed::value),
                ledger.evaluation().map(Keyed::value),
                ledger.output().map(Keyed::value),
                ledger.answering(),
                ledger.resumes(),
                ledger.plan().map(made -> made.value().notes()).orElse(List.of()),
                Optional.of(run),
                Optional.of(new Account(ledger.meters().spending(), wishes.budget(), ledger.warning())),
                ledger.debts().inWords(ledger.tuner()),
                ledger.output().map(made -> made.key().value()),
                ledger.remark(),
                board.objection(),
                ledger.journal().report(),
                ledger.kept().result().map(Keyed::value),
                Optional.of(new Surging(
                        ledger.surge().predecessor().isPresent(), ledger.surge().remark())));
    }

    private List<String> nodes() {
        return Stream.concat(ledger.surge().predecessor().map(Predecessor::lease).stream(), ledger.lease().stream())
                .flatMap(lease -> lease.nodes().stream())
                .distinct()
                .toList();
    }
}
