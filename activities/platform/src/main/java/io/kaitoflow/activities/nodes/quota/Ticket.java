package io.kaitoflow.activities.nodes.quota;

import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A claim in a namespace's queue.
 *
 * @param turn the order in which workspaces came
 * @param request what is claimed
 * @param state whether it waits or is counted
 * @param since when it began to cost; empty while it waits, and where nobody counts what a month costs
 */
record Ticket(long turn, NodeRequest request, State state, Optional<Instant> since) {

    private static final BigDecimal SECONDS_PER_HOUR =
            BigDecimal.valueOf(Duration.ofHours(1).toSeconds());

    private static final int DIGITS = 4;

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

    boolean costs() {
        return amount().usdPerHour().signum() > 0;
    }

    boolean isOf(WorkspaceId id) {
        return request.id().uid().equals(id.uid());
    }

    boolean isFor(NodeRequest claim) {
        return isOf(claim.id()) && request.number() == claim.number();
    }

    /** The same for what is known of the claim now. */
    Ticket of(NodeRequest claim) {
        return new Ticket(turn, claim, state, since);
    }

    Ticket in(State next) {
        return new Ticket(turn, request, next, since);
    }

    Ticket costingSince(Optional<Instant> begin) {
        return new Ticket(turn, request, state, begin);
    }

    /** From when it began, or from the month's first moment, until now. */
    BigDecimal costThisMonth(Instant now) {
        Instant month = Spending.startOf(Spending.monthOf(now));
        long seconds = since.map(begin -> begin.isBefore(month) ? month : begin)
                .map(begin -> Math.max(0, Duration.between(begin, now).toSeconds()))
                .orElse(0L);
        return amount().usdPerHour()
                .multiply(BigDecimal.valueOf(seconds))
                .divide(SECONDS_PER_HOUR, DIGITS, RoundingMode.HALF_UP);
    }
}
