package io.kaitoflow.workflows.workspace.ledger;

import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.rollout.TunerHandle;
import io.kaitoflow.workflows.status.Owed;
import java.util.List;
import java.util.Optional;

/**
 * What is to be given back, for people.
 *
 * @param owed oldest first
 * @param asked what was asked for and what was answered
 * @param claims how providers call them, as {@code 1=ws1a2b3c4d5}
 */
record Debts(List<Undo> owed, List<Asked> asked, List<String> claims, Optional<TunerHandle> tuner) {

    List<Owed> inWords() {
        return owed.stream().map(this::inWords).toList();
    }

    private Owed inWords(Undo undo) {
        Optional<Asked> question =
                asked.stream().filter(each -> each.undo().equals(undo)).findFirst();
        return new Owed(
                undo.what(this::claimName, tuner),
                question.map(Asked::since),
                question.map(Asked::answer).filter(answer -> !answer.isBlank()));
    }

    private String claimName(NodeRequest request) {
        String prefix = request.number() + "=";
        return claims.stream()
                .filter(entry -> entry.startsWith(prefix))
                .map(entry -> entry.substring(prefix.length()))
                .findFirst()
                .orElse("number " + request.number());
    }
}
