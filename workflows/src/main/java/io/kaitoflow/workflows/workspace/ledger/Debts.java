package io.kaitoflow.workflows.workspace.ledger;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.rollout.TunerHandle;
import io.kaitoflow.workflows.status.Owed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is to be given back, what was answered to that, and how providers call it. */
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
public final class Debts {

    private final List<Undo> owed = new ArrayList<>();
    private final List<Asked> asked = new ArrayList<>();

    /** As {@code 1=ws1a2b3c4d5}. */
    private final List<String> claims = new ArrayList<>();

    /** Oldest first. */
    List<Undo> owed() {
        return List.copyOf(owed);
    }

    void owe(Undo undo) {
        if (!owed.contains(undo)) {
            owed.add(undo);
        }
    }

    void settle(Undo undo) {
        owed.remove(undo);
        asked.removeIf(each -> each.undo().equals(undo));
    }

    /** How the provider calls a claim. */
    public void named(NodeRequest request, String name) {
        String entry = request.number() + "=" + name;
        if (!claims.contains(entry)) {
            claims.add(entry);
        }
    }

    /** Notes what was answered when something was asked back; says whether that is news. */
    public boolean refused(Undo undo, String answer, Instant at) {
        Optional<Asked> before = question(undo);
        if (before.filter(each -> each.answer().equals(answer)).isPresent()) {
            return false;
        }
        before.ifPresent(asked::remove);
        asked.add(new Asked(undo, before.map(Asked::since).orElse(at), answer));
        return true;
    }

    /** What was asked for and is not gone. */
    public List<Undo> askedFor() {
        return asked.stream().map(Asked::undo).filter(owed::contains).toList();
    }

    /** Since when something is asked for that is not gone. */
    public Optional<Instant> askedSince(Undo undo) {
        return question(undo).map(Asked::since);
    }

    /** Oldest first, in words. */
    public List<Owed> inWords(Optional<TunerHandle> tuner) {
        return owed.stream().map(undo -> inWords(undo, tuner)).toList();
    }

    private Owed inWords(Undo undo, Optional<TunerHandle> tuner) {
        return new Owed(
                undo.what(this::claimName, tuner),
                question(undo).map(Asked::since),
                question(undo).map(Asked::answer).filter(answer -> !answer.isBlank()));
    }

    private Optional<Asked> question(Undo undo) {
        return asked.stream().filter(each -> each.undo().equals(undo)).findFirst();
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
