package io.kaitoflow.activities.nodes.quota;

import io.kaitoflow.workflows.request.WorkspaceId;
import java.time.Duration;
import java.time.Instant;

/**
 * A workspace that gave a claim back a moment ago: one that was refused a kind of machine comes back for the next, and it is still
 * its turn.
 *
 * @param uid of the workspace
 * @param turn that it had
 * @param at when
 */
record Leave(String uid, long turn, Instant at) {

    private static final Duration REMEMBERED = Duration.ofMinutes(1);

    static Leave of(Ticket ticket, Instant at) {
        return new Leave(ticket.request().id().uid(), ticket.turn(), at);
    }

    boolean isOf(WorkspaceId id) {
        return uid.equals(id.uid());
    }

    boolean remembered(Instant now) {
        return now.isBefore(at.plus(REMEMBERED));
    }
}
