package io.kaitoflow.activities.nodes.quota;

import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.request.WorkspaceId;

/**
 * A claim in a namespace's queue.
 *
 * @param turn the order in which workspaces came
 * @param request what is claimed
 * @param state whether it waits or is counted
 */
record Ticket(long turn, NodeRequest request, State state) {

    /** How a claim stands. All but one who waits use what they ask for. */
    enum State {
        WAITING,
        ADMITTED,
        /** It was there before anybody counted. */
        FOUND,
        /** It is asked back, and not gone. */
        LEAVING
    }

    boolean waits() {
        return state == State.WAITING;
    }

    Amount amount() {
        return Amount.of(request);
    }

    boolean isOf(WorkspaceId id) {
        return request.id().uid().equals(id.uid());
    }

    boolean isFor(NodeRequest claim) {
        return isOf(claim.id()) && request.number() == claim.number();
    }

    /** The same for what is known of the claim now. */
    Ticket of(NodeRequest claim) {
        return new Ticket(turn, claim, state);
    }

    Ticket in(State next) {
        return new Ticket(turn, request, next);
    }
}
