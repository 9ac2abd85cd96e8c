package io.kaitoflow.activities.nodes.quota;

import io.kaitoflow.activities.nodes.Extent;
import io.kaitoflow.activities.nodes.quota.Ticket.State;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Who holds machines in one namespace and who waits, in the order of turns. First come, first served: nobody is admitted before
 * somebody who came earlier. Every method makes another register.
 *
 * @param tickets sorted by turn
 * @param left workspaces that may come back to their turn
 * @param spending for what is not held any more
 */
record Register(List<Ticket> tickets, List<Leave> left, Spending spending) {

    private static final Comparator<Ticket> BY_TURN = Comparator.comparingLong(Ticket::turn)
            .thenComparingInt(ticket -> ticket.request().number());

    Register {
        tickets = tickets.stream().sorted(BY_TURN).toList();
        left = List.copyOf(left);
    }

    static Register empty() {
        return new Register(List.of(), List.of(), Spending.NONE);
    }

    boolean isEmpty() {
        return tickets.isEmpty() && spending.equals(Spending.NONE);
    }

    Optional<Ticket> find(NodeRequest claim) {
        return tickets.stream().filter(ticket -> ticket.isFor(claim)).findFirst();
    }

    List<Ticket> waiting() {
        return tickets.stream().filter(Ticket::waits).toList();
    }

    List<Ticket> holding() {
        return tickets.stream().filter(ticket -> !ticket.waits()).toList();
    }

    Amount used() {
        return sum(holding().stream());
    }

    /** What this month has cost, that of what is held until now. */
    BigDecimal spent(Instant now) {
        return holding().stream()
                .map(ticket -> ticket.costThisMonth(now))
                .reduce(spending.in(Spending.monthOf(now)), BigDecimal::add);
    }

    /** What a workspace holds and keeps beside this claim. */
    Amount beside(NodeRequest claim) {
        return sum(holding().stream()
                .filter(ticket -> ticket.isOf(claim.id()) && !ticket.isFor(claim) && ticket.state() != State.LEAVING));
    }

    /** From 1; 0 for a claim that does not wait. */
    int place(NodeRequest claim) {
        List<Ticket> waiting = waiting();
        return waiting.stream()
                .filter(ticket -> ticket.isFor(claim))
                .findFirst()
                .map(ticket -> waiting.indexOf(ticket) + 1)
                .orElse(0);
    }

    /**
     * With a claim that waits, unless it is known; one that is asked for again while it goes is not given back any more. One that is
     * admitted and has taken nothing waits again, at its turn, when it would take more than it was admitted for.
     */
    Register entered(Extent extent, Instant now) {
        NodeRequest claim = extent.request();
        return find(claim)
                .map(known -> exchanged(known, known.of(claim).in(state(known, extent))))
                .orElseGet(() -> with(new Ticket(turn(claim.id(), now), claim, State.WAITING, Optional.empty())));
    }

    private static State state(Ticket known, Extent extent) {
        boolean more =
                extent.request().option().counted() > known.request().option().counted();
        return switch (known.state()) {
            case WAITING -> State.WAITING;
            case LEAVING -> State.ADMITTED;
            case ADMITTED, FOUND -> more && !extent.taken() ? State.WAITING : known.state();
        };
    }

    /**
     * With everybody admitted whose turn it is. One who can never be admitted holds nobody up: it is refused when it asks. Nor does
     * one who waits for next month's money: nobody who stands behind could take it away.
     */
    Register admitting(Optional<Cap> cap, Instant now) {
        boolean spent = cap.filter(most -> most.isSpent(spent(now))).isPresent();
        Register register = this;
        for (Ticket next : waiting()) {
            if (cap.filter(most -> !most.holds(next.amount())).isPresent() || (spent && next.costs())) {
                continue;
            }
            Amount used = register.used().plus(next.amount());
            if (cap.filter(most -> !most.holds(used)).isPresent()) {
                break;
            }
            register = register.exchanged(next, next.in(State.ADMITTED));
        }
        return register.metered(cap.flatMap(Cap::usdPerMonth).isPresent(), now);
    }

    /** Where months are counted, what is held costs from now on unless it did before; elsewhere nothing is kept of it. */
    private Register metered(boolean counted, Instant now) {
        List<Ticket> costing = tickets.stream()
                .map(ticket -> ticket.costingSince(
                        counted && !ticket.waits() ? ticket.since().or(() -> Optional.of(now)) : Optional.empty()))
                .toList();
        boolean current = counted && spending.month().equals(Spending.monthOf(now));
        return new Register(costing, left, current ? spending : Spending.NONE);
    }

    /** With a claim that is asked back, and that its provider still has. */
    Register leaving(NodeRequest claim) {
        return find(claim)
                .map(ticket -> exchanged(ticket, ticket.in(State.LEAVING)))
                .orElse(this);
    }

    /** Without a claim of which nothing is left. */
    Register without(NodeRequest claim, Instant now) {
        return find(claim)
                .map(ticket -> new Register(
                        keep(tickets, other -> !other.equals(ticket)),
                        Stream.concat(
                                        left.stream().filter(leave -> leave.remembered(now)),
                                        Stream.of(Leave.of(ticket, now)))
                                .toList(),
                        spending.with(ticket, now)))
                .orElse(this);
    }

    /**
     * With claims that a provider has and nobody counted, and without those that were found like this and are gone. What a claim has
     * taken is what it is counted for.
     */
    Register matching(List<Extent> extents, Instant now) {
        List<Ticket> gone = keep(
                tickets,
                ticket -> ticket.state() == State.FOUND
                        && extents.stream().map(Extent::request).noneMatch(ticket::isFor));
        Spending then = spending;
        for (Ticket ticket : gone) {
            then = then.with(ticket, now);
        }
        Register register = new Register(keep(tickets, ticket -> !gone.contains(ticket)), left, then);
        for (Extent extent : extents) {
            register = register.matching(extent);
        }
        return register;
    }

    private Register matching(Extent extent) {
        NodeRequest claim = extent.request();
        return find(claim)
                .map(known -> extent.taken() ? exchanged(known, known.of(claim)) : this)
                .orElseGet(() -> with(new Ticket(last() + 1, claim, State.FOUND, Optional.empty())));
    }

    /** The turn that a workspace has or had a moment ago; else the last. */
    private long turn(WorkspaceId id, Instant now) {
        LongStream held = tickets.stream().filter(ticket -> ticket.isOf(id)).mapToLong(Ticket::turn);
        LongStream had = left.stream()
                .filter(leave -> leave.isOf(id) && leave.remembered(now))
                .mapToLong(Leave::turn);
        return LongStream.concat(held, had).min().orElse(last() + 1);
    }

    private long last() {
        return LongStream.concat(
                        tickets.stream().mapToLong(Ticket::turn), left.stream().mapToLong(Leave::turn))
                .max()
                .orElse(0);
    }

    private Register with(Ticket ticket) {
        return new Register(Stream.concat(tickets.stream(), Stream.of(ticket)).toList(), left, spending);
    }

    private Register exchanged(Ticket before, Ticket now) {
        return new Register(keep(tickets, other -> !other.equals(before)), left, spending).with(now);
    }

    private static List<Ticket> keep(List<Ticket> tickets, Predicate<Ticket> kept) {
        return tickets.stream().filter(kept).toList();
    }

    private static Amount sum(Stream<Ticket> tickets) {
        return tickets.map(Ticket::amount).reduce(Amount.NONE, Amount::plus);
    }
}
