package io.kaitoflow.activities.nodes.quota;

import static io.kaitoflow.activities.nodes.quota.Claims.claim;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.activities.nodes.Extent;
import io.kaitoflow.activities.nodes.quota.Ticket.State;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RegisterTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Optional<Cap> EIGHT = Optional.of(Claims.gpus(8));

    @Test
    void whoComesFirstIsServedFirstUpToTheCapExactly() {
        Register register = entered(claim("a", 4), claim("b", 4), claim("c", 1)).admitting(EIGHT);

        assertThat(names(register.holding())).containsExactly("a", "b");
        assertThat(register.place(claim("c", 1))).isEqualTo(1);
    }

    @Test
    void nobodyOvertakesAlsoWhenItWouldFit() {
        Register register =
                entered(claim("a", 6), claim("large", 4), claim("small", 1)).admitting(EIGHT);

        assertThat(names(register.holding())).containsExactly("a");
        assertThat(names(register.waiting())).containsExactly("large", "small");
        assertThat(names(register.without(claim("a", 6), NOW).admitting(EIGHT).holding()))
                .containsExactly("large", "small");
    }

    @Test
    void whoComesTwiceHasOnePlace() {
        Register once = entered(claim("a", 8), claim("b", 8)).admitting(EIGHT);

        assertThat(once.entered(wanted(claim("b", 8)), NOW).admitting(EIGHT)).isEqualTo(once);
        assertThat(once.entered(wanted(claim("a", 8)), NOW).admitting(EIGHT)).isEqualTo(once);
    }

    @Test
    void aRaisedCapAdmitsAllThatFitAndATakenAwayOneEverybody() {
        Register register = entered(claim("a", 8), claim("b", 4), claim("c", 4), claim("d", 4))
                .admitting(EIGHT);

        assertThat(names(register.admitting(Optional.of(Claims.gpus(16))).waiting()))
                .containsExactly("d");
        assertThat(register.admitting(Optional.empty()).waiting()).isEmpty();
    }

    @Test
    void aLoweredCapEvictsNobodyAndLetsNobodyIn() {
        Optional<Cap> four = Optional.of(Claims.gpus(4));
        Register register = entered(claim("a", 4), claim("b", 4), claim("c", 1)).admitting(EIGHT);

        assertThat(register.admitting(four)).isEqualTo(register);
        assertThat(names(register.without(claim("a", 4), NOW).admitting(four).waiting()))
                .containsExactly("c");
        assertThat(register.without(claim("a", 4), NOW)
                        .without(claim("b", 4), NOW)
                        .admitting(four)
                        .waiting())
                .isEmpty();
    }

    @Test
    void oneWhoCanNeverBeAdmittedHoldsNobodyUp() {
        Register register = entered(claim("huge", 16), claim("b", 8)).admitting(EIGHT);

        assertThat(names(register.holding())).containsExactly("b");
    }

    @Test
    void whatIsAskedBackIsCountedUntilItIsGone() {
        Register register =
                entered(claim("a", 8), claim("b", 8)).admitting(EIGHT).leaving(claim("a", 8));

        assertThat(register.admitting(EIGHT)).isEqualTo(register);
        assertThat(names(register.without(claim("a", 8), NOW).admitting(EIGHT).holding()))
                .containsExactly("b");
    }

    @Test
    void whoIsRefusedOneKindComesBackToItsTurn() {
        Register register = entered(claim("a", 8), claim("b", 8), claim("c", 8)).admitting(EIGHT);

        Register after = register.without(claim("a", 8), NOW)
                .admitting(EIGHT)
                .entered(wanted(claim("a", 8, 2)), NOW.plusSeconds(59))
                .admitting(EIGHT);

        assertThat(names(after.holding())).containsExactly("b");
        assertThat(names(after.waiting())).containsExactly("a", "c");
    }

    @Test
    void whoComesBackLaterIsTheLast() {
        Register register = entered(claim("a", 8), claim("b", 8), claim("c", 8)).admitting(EIGHT);

        Register after = register.without(claim("a", 8), NOW).entered(wanted(claim("a", 8, 2)), NOW.plusSeconds(60));

        assertThat(names(after.waiting())).containsExactly("b", "c", "a");
    }

    @Test
    void theNextKindWaitsForTheOneThatIsNotGoneYetAtTheHead() {
        Register register = entered(claim("a", 8), claim("b", 8))
                .admitting(EIGHT)
                .leaving(claim("a", 8))
                .entered(wanted(claim("a", 8, 2)), NOW)
                .admitting(EIGHT);

        assertThat(register.place(claim("a", 8, 2))).isEqualTo(1);
        assertThat(register.beside(claim("a", 8, 2))).isEqualTo(Amount.NONE);
    }

    @Test
    void aSecondMachineBesideTheFirstIsAskedWhatTheWorkspaceKeeps() {
        Register register = entered(claim("a", 4)).admitting(EIGHT);

        assertThat(register.beside(claim("a", 4, 2)).gpus()).isEqualTo(4);
        assertThat(register.beside(claim("a", 4)).gpus()).isZero();
    }

    @Test
    void whatWasThereBeforeAnybodyCountedIsCountedAndForgottenWhenItIsGone() {
        List<Extent> there = List.of(wanted(claim("old", 6)), wanted(claim("older", 2)));

        Register register = Register.empty()
                .matching(there)
                .entered(wanted(claim("a", 1)), NOW)
                .admitting(EIGHT);

        assertThat(register.used().gpus()).isEqualTo(8);
        assertThat(names(register.waiting())).containsExactly("a");
        assertThat(register.matching(there)).isEqualTo(register);
        assertThat(names(register.matching(List.of(wanted(claim("old", 6))))
                        .admitting(EIGHT)
                        .holding()))
                .containsExactly("old", "a");
    }

    @Test
    void whatWasAdmittedAndIsNotMadeYetIsNotForgotten() {
        Register register = entered(claim("a", 8)).admitting(EIGHT);

        assertThat(register.matching(List.of())).isEqualTo(register);
    }

    @Test
    void itIsReadAsItWasWrittenAndWhatIsUnreadableIsLeftOut() {
        Register register = entered(claim("a", 4), claim("b", 4), claim("c", 4), claim("d", 1))
                .admitting(EIGHT)
                .leaving(claim("a", 4))
                .without(claim("b", 4), NOW)
                .matching(List.of(wanted(claim("e", 1))));
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
        Register register = entered(claim("a", 8)).admitting(EIGHT).leaving(claim("a", 8));

        assertThat(register.entered(wanted(claim("a", 8)), NOW).tickets())
                .extracting(Ticket::state)
                .containsExactly(State.ADMITTED);
    }

    @Test
    void aPlaceSaysHowMuchIsUsedAndByWhom() {
        Register register = entered(claim("a", 4), claim("b", 4), claim("c", 1), claim("d", 1))
                .admitting(EIGHT);

        assertThat(new Place(register, Claims.gpus(8), claim("d", 1)).sentence())
                .isEqualTo("Waits for its turn: place 2 of 2 in namespace team-a, which uses 8 of 8 GPUs;"
                        + " held by a, b.");
        assertThat(new Place(register, Claims.usd("30"), claim("c", 1)).sentence())
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
                .admitting(EIGHT);

        assertThat(new Place(register, Claims.gpus(8), claim("i", 1)).sentence())
                .endsWith("held by a, b, c, d, e and 3 more.");
    }

    @Test
    void aClaimThatWouldTakeMoreThanItWasAdmittedForWaitsAgainAtItsTurn() {
        NodeRequest own = Claims.unpriced("own", MachineOption.OWN);
        Register admitted = Register.empty()
                .entered(wanted(own.exactly(1)), NOW)
                .entered(wanted(claim("b", 4)), NOW)
                .admitting(EIGHT);

        Register larger = admitted.entered(wanted(own.exactly(8)), NOW).admitting(EIGHT);

        assertThat(admitted.used().gpus()).isEqualTo(5);
        assertThat(larger.used().gpus()).isEqualTo(4);
        assertThat(names(larger.waiting())).containsExactly("own");
        assertThat(names(larger.entered(wanted(claim("c", 1)), NOW)
                        .admitting(EIGHT)
                        .waiting()))
                .containsExactly("own", "c");
        assertThat(larger.without(claim("b", 4), NOW).admitting(EIGHT).used().gpus())
                .isEqualTo(8);
    }

    @Test
    void whatAClaimHasTakenIsCountedWhateverItWasAdmittedFor() {
        NodeRequest own = Claims.unpriced("own", MachineOption.OWN);
        Register before = entered(own).admitting(EIGHT);

        assertThat(before.used().gpus()).isEqualTo(1);
        assertThat(before.matching(List.of(new Extent(own.exactly(8), true)))
                        .used()
                        .gpus())
                .isEqualTo(8);
        assertThat(before.entered(new Extent(own.exactly(8), true), NOW)
                        .admitting(EIGHT)
                        .waiting())
                .isEmpty();
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
