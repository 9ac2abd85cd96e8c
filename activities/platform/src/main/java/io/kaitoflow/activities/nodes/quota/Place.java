package io.kaitoflow.activities.nodes.quota;

import io.kaitoflow.workflows.nodes.NodeRequest;
import java.time.Instant;
import java.util.List;

/**
 * Where a claim stands, for people.
 *
 * @param register of its namespace
 * @param cap of its namespace
 * @param claim that waits
 * @param now until when what is held costs
 */
record Place(Register register, Cap cap, NodeRequest claim, Instant now) {

    private static final int NAMED = 5;

    /** For a column: {@code place 3 of 5}. */
    String turn() {
        return "place " + register.place(claim) + " of " + register.waiting().size();
    }

    String sentence() {
        return "Waits for its turn: " + turn() + " in namespace " + claim.id().namespace() + ", which "
                + cap.used(register.used(), register.spent(now)) + "; held by " + holders() + ".";
    }

    private String holders() {
        List<String> names = register.holding().stream()
                .map(ticket -> ticket.request().id().name())
                .distinct()
                .toList();
        if (names.isEmpty()) {
            return "nobody";
        }
        int more = names.size() - NAMED;
        return String.join(", ", names.subList(0, Math.min(NAMED, names.size())))
                + (more > 0 ? " and " + more + " more" : "");
    }
}
