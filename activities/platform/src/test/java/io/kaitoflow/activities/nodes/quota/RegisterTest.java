package io.kaitoflow.activities.nodes.quota;

import static io.kaitoflow.activities.nodes.quota.Claims.claim;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.activities.nodes.Extent;
import io.kaitoflow.activities.nodes.quota.Ticket.State;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RegisterTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant FEBRUARY = Instant.parse("2026-02-01T00:00:00Z");
    private static final Optional<Cap> EIGHT = Optional.of(Claims.gpus(8));

    @Test
    void whoComesFirstIsServedFirstUpToTheCapExactly() {
        Register register = entered(claim("a", 4), claim("b", 4), claim("c", 1)).admitting(EIGHT, NOW);

        assertThat(names(register.holding())).containsExactly("a", "b");
        assertThat(register.place(claim("c", 1))).isEqualTo(1);
    }

    @Test
    void nobodyOvertakesAlsoWhenItWouldFit() {
        Register register =
                entered(claim("a", 6), claim("large", 4), claim("small", 1)).admitting(EIGHT, NOW);

        assertThat(names(register.holding())).containsExactly("a");
        assertThat(names(register.waiting())).containsExactly("large", "small");
        assertThat(names(register.without(claim("a", 6), NOW)
                        .admitting(EIGHT, NOW)
                        .holding()))
                .containsExactly("large", "small");
    }

    @Test
    void whoComesTwiceHasOnePlace() {
        Register once = entered(claim("a", 8), claim("b", 8)).admitting(EIGHT, NOW);

        assertThat(once.entered(wanted(claim("b", 8)), NOW).admitting(EIGHT, NOW))
                .isEqualTo(once);
        assertThat(once.entered(wanted(claim("a", 8)), NOW).admitting(EIGHT, NOW))
                .isEqualTo(once);
    }

    @Test
    void aRaisedCapAdmitsAllThatFitAndATakenAwayOneEverybody() {
        Register register = entered(claim("a", 8), claim("b", 4), claim("c", 4), claim("d", 4))
                .admitting(EIGHT, NOW);

        assertThat(names(register.admitting(Optional.of(Claims.gpus(16)), NOW).waiting()))
                .containsExactly("d");
        assertThat(register.admitting(Optional.empty(), NOW).waiting()).isEmpty();
    }

    @Test
    void aLoweredCapEvictsNobodyAndLetsNobodyIn() {
        Optional<Cap> four = Optional.of(Claims.gpus(4));
        Register register = entered(claim("a", 4), claim("b", 4), claim("c", 1)).admitting(EIGHT, NOW);

        assertThat(register.admitting(four, NOW)).isEqualTo(register);
        assertThat(names(register.without(claim("a", 4), NOW)
                        .admitting(four, NOW)
                        .waiting()))
                .containsExactly("c");
        assertThat(register.without(claim("a", 4), NOW)
                        .without(claim("b", 4), NOW)
                        .admitting(four, NOW)
                        .waiting())
                .isEmpty();
    }

    @Test
    void oneWhoCanNeverBeAdmittedHoldsNobodyUp() {
        Register register = entered(claim("huge", 16), claim("b", 8)).admitting(EIGHT, NOW);

        assertThat(names(register.holding())).containsExactly("b");
    }

    @Test
    void whatIsAskedBackIsCountedUntilItIsGone() {
        Register register =
                entered(claim("a", 8), claim("b", 8)).admitting(EIGHT, NOW).leaving(claim("a", 8));

        assertThat(register.admitting(EIGHT, NOW)).isEqualTo(register);
        assertThat(names(register.without(claim("a", 8), NOW)
                        .admitting(EIGHT, NOW)
                        .holding()))
                .containsExactly("b");
    }

    @Test
    void whoIsRefusedOneKindComesBackToItsTurn() {
        Register register = entered(claim("a", 8), claim("b", 8), claim("c", 8)).admitting(EIGHT, NOW);

        Register after = register.without(claim("a", 8), NOW)
                .admitting(EIGHT, NOW)
                .entered(wanted(claim("a", 8, 2)), NOW.plusSeconds(59))
                .admitting(EIGHT, NOW);

        assertThat(names(after.holding())).containsExactly("b");
        assertThat(names(after.waiting())).containsExactly("a", "c");
    }

    @Test
    void whoComesBackLaterIsTheLast() {
        Register register = entered(claim("a", 8), claim("b", 8), claim("c", 8)).admitting(EIGHT, NOW);

        Register after = register.without(claim("a", 8), NOW).entered(wanted(claim("a", 8, 2)), NOW.plusSeconds(60));

        assertThat(names(after.waiting())).containsExactly("b", "c", "a");
    }

    @Test
    void theNextKindWaitsForTheOneThatIsNotGoneYetAtTheHead() {
        Register register = entered(claim("a", 8), claim("b", 8))
                .admitting(EIGHT, NOW)
                .leaving(claim("a", 8))
                .entered(wanted(claim("a", 8, 2)), NOW)
                .admitting(EIGHT, NOW);

        assertThat(register.place(claim("a", 8, 2))).isEqualTo(1);
        assertThat(register.beside(claim("a", 8, 2))).isEqualTo(Amount.NONE);
    }

    @Test
    void aSecondMachineBesideTheFirstIsAskedWhatTheWorkspaceKeeps() {
        Register register = entered(claim("a", 4)).admitting(EIGHT, NOW);

        assertThat(register.beside(claim("a", 4, 2)).gpus()).isEqualTo(4);
        assertThat(register.beside(claim("a", 4)).gpus()).isZero();
    }

    @Test
    void whatWasThereBeforeAnybodyCountedIsCountedAndForgottenWhenItIsGone() {
        List<Extent> there = List.of(wanted(claim("old", 6)), wanted(claim("older", 2)));

        Register register = Register.empty()
                .matching(there, NOW)
                .entered(wanted(claim("a", 1)), NOW)
                .admitting(EIGHT, NOW);

        assertThat(register.used().gpus()).isEqualTo(8);
        assertThat(names(register.waiting())).containsExactly("a");
        assertThat(register.matching(there, NOW)).isEqualTo(register);
        assertThat(names(register.matching(List.of(wanted(claim("old", 6))), NOW)
                        .admitting(EIGHT, NOW)
                        .holding()))
                .containsExactly("old", "a");
    }

    @Test
    void whatWasAdmittedAndIsNotMadeYetIsNotForgotten() {
        Register register = entered(claim("a", 8)).admitting(EIGHT, NOW);

        assertThat(register.matching(List.of(), NOW)).isEqualTo(register);
    }

    @Test
    void itIsReadAsItWasWrittenAndWhatIsUnreadableIsLeftOut() {
        Register register = entered(claim("a", 4), claim("b", 4), claim("c", 4), claim("d", 1))
                .admitting(EIGHT, NOW)
                .leaving(claim("a", 4))
                .without(claim("b", 4), NOW)
                .matching(List.of(wanted(claim("e", 1))), NOW);
        Map<String, String> written = new TreeMap<>(RegisterText.write(register));
        assertThat(RegisterText.read(written)).isEqualTo(register);
        assertThat(written).hasSize(5).containsKey("0000000004.waiting.uid-d.1");

        written.put("0000000009.waiting.uid-x.1", "no request");
        written.put("left.0000000009.uid-x", "no time");
        written.put("0000000009.dancing.uid-x.1", written.get("0000000004.waiting.uid-d.1"));
        written.put("note", "by hand");

        assertThat(RegisterText.read(written)).isEqualTo(register);
    }

    @Test
    void aClaimThatIsAskedForWhileItGoesIsKept() {
        Register register = entered(claim("a", 8)).admitting(EIGHT, NOW).leaving(claim("a", 8));

        assertThat(register.entered(wanted(claim("a", 8)), NOW).tickets())
                .extracting(Ticket::state)
                .containsExactly(State.ADMITTED);
    }

    @Test
    void aPlaceSaysHowMuchIsUsedAndByWhom() {
        Register register = entered(claim("a", 4), claim("b", 4), claim("c", 1), claim("d", 1))
                .admitting(EIGHT, NOW);

        assertThat(new Place(register, Claims.gpus(8), claim("d", 1), NOW).sentence())
                .isEqualTo("Waits for its turn: place 2 of 2 in namespace team-a, which uses 8 of 8 GPUs;"
                        + " held by a, b.");
        assertThat(new Place(register, Claims.usd("30"), claim("c", 1), NOW).sentence())
                .contains("place 1 of 2", "uses $29.36 of $30.00 an hour;");
    }

    @Test
    void ofManyHoldersTheFirstAreNamed() {
        Register register = entered(
                        claim("a", 1),
                        claim("b", 1),
                        claim("c", 1),
                        claim("d", 1),
                        claim("e", 1),
                        claim("f", 1),
                        claim("g", 1),
                        claim("h", 1),
                        claim("i", 1))
                .admitting(EIGHT, NOW);

        assertThat(new Place(register, Claims.gpus(8), claim("i", 1), NOW).sentence())
                .endsWith("held by a, b, c, d, e and 3 more.");
    }

    @Test
    void aClaimThatWouldTakeMoreThanItWasAdmittedForWaitsAgainAtItsTurn() {
        NodeRequest own = Claims.unpriced("own", MachineOption.OWN);
        Register admitted = Register.empty()
                .entered(wanted(own.exactly(1)), NOW)
                .entered(wanted(claim("b", 4)), NOW)
                .admitting(EIGHT, NOW);

        Register larger = admitted.entered(wanted(own.exactly(8)), NOW).admitting(EIGHT, NOW);

        assertThat(admitted.used().gpus()).isEqualTo(5);
        assertThat(larger.used().gpus()).isEqualTo(4);
        assertThat(names(larger.waiting())).containsExactly("own");
        assertThat(names(larger.entered(wanted(claim("c", 1)), NOW)
                        .admitting(EIGHT, NOW)
                        .waiting()))
                .containsExactly("own", "c");
        assertThat(larger.without(claim("b", 4), NOW)
                        .admitting(EIGHT, NOW)
                        .used()
                        .gpus())
                .isEqualTo(8);
    }

    @Test
    void whatAClaimHasTakenIsCountedWhateverItWasAdmittedFor() {
        NodeRequest own = Claims.unpriced("own", MachineOption.OWN);
        Register before = entered(own).admitting(EIGHT, NOW);

        assertThat(before.used().gpus()).isEqualTo(1);
        assertThat(before.matching(List.of(new Extent(own.exactly(8), true)), NOW)
                        .used()
                        .gpus())
                .isEqualTo(8);
        assertThat(before.entered(new Extent(own.exactly(8), true), NOW)
                        .admitting(EIGHT, NOW)
                        .waiting())
                .isEmpty();
    }

    @Test
    void whenAMonthsMoneyIsSpentNothingThatCostsIsAdmittedUntilTheNextOne() {
        Optional<Cap> month = Optional.of(Claims.usdPerMonth("100"));
        Instant spentAll = NOW.plus(Duration.ofHours(4));
        Register register = entered(claim("a", 8))
                .admitting(month, NOW)
                .entered(wanted(claim("b", 8)), spentAll)
                .entered(wanted(Claims.own("c")), spentAll)
                .admitting(month, spentAll);

        assertThat(register.spent(spentAll)).isEqualByComparingTo("117.44");
        assertThat(names(register.holding())).containsExactly("a", "c");
        assertThat(new Place(register, month.orElseThrow(), claim("b", 8), spentAll).sentence())
                .isEqualTo("Waits for its turn: place 1 of 1 in namespace team-a, which has spent $117.44 of $100.00"
                        + " this month; held by a, c.");
        assertThat(names(register.admitting(month, FEBRUARY).holding())).containsExactly("a", "b", "c");
    }

    @Test
    void whatWasGivenBackIsStillSpentInItsMonthAndNotInTheNext() {
        Optional<Cap> month = Optional.of(Claims.usdPerMonth("1000"));
        Register register = entered(claim("a", 8))
                .admitting(month, FEBRUARY.minus(Duration.ofHours(10)))
                .without(claim("a", 8), FEBRUARY.plus(Duration.ofHours(2)))
                .admitting(month, FEBRUARY.plus(Duration.ofHours(2)));

        assertThat(register.isEmpty()).isFalse();
        assertThat(register.spent(FEBRUARY.plus(Duration.ofDays(3)))).isEqualByComparingTo("58.72");
        assertThat(register.without(claim("a", 8), FEBRUARY.plus(Duration.ofHours(3)))
                        .spent(FEBRUARY.plus(Duration.ofHours(3))))
                .isEqualByComparingTo("58.72");
        assertThat(RegisterText.read(RegisterText.write(register))).isEqualTo(register);
        assertThat(register.admitting(month, Instant.parse("2026-03-01T00:00:00Z"))
                        .isEmpty())
                .isTrue();
    }

    @Test
    void whatIsHeldCostsFromWhenItWasAdmittedAlsoAfterItWasWrittenAndRead() {
        Optional<Cap> month = Optional.of(Claims.usdPerMonth("1000"));
        Register register = entered(claim("a", 1)).admitting(month, NOW);
        Register read = RegisterText.read(RegisterText.write(register));

        assertThat(read.admitting(month, NOW.plusSeconds(60))).isEqualTo(register);
        assertThat(read.leaving(claim("a", 1)).spent(NOW.plus(Duration.ofHours(1))))
                .isEqualByComparingTo("3.67");
        assertThat(register.admitting(EIGHT, NOW).tickets())
                .extracting(Ticket::since)
                .containsExactly(Optional.empty());
    }

    private static Register entered(NodeRequest... claims) {
        Register register = Register.empty();
        for (NodeRequest claim : claims) {
            register = register.entered(wanted(claim), NOW);
        }
        return register;
    }

    private static Extent wanted(NodeRequest claim) {
        return new Extent(claim, false);
    }

    private static List<String> names(List<Ticket> tickets) {
        return tickets.stream().map(ticket -> ticket.request().id().name()).toList();
    }
}
