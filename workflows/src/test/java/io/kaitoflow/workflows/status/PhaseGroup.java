package io.kaitoflow.workflows.status;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Phases that are alike: entered from the same phases, left for the same ones, and all resting or all not. An arrow between two
 * groups therefore holds for each of their members.
 *
 * @param members at least one
 */
record PhaseGroup(List<Phase> members) {

    private record Likeness(boolean waiting, Set<String> before, Set<String> after) {}

    /** The groups of {@code all}, by their first members. */
    static List<PhaseGroup> of(List<Phase> all) {
        return all.stream()
                .collect(groupingBy(phase -> likeness(phase, all), LinkedHashMap::new, toList()))
                .values()
                .stream()
                .map(PhaseGroup::new)
                .toList();
    }

    private static Likeness likeness(Phase phase, List<Phase> all) {
        return new Likeness(
                phase.waiting(),
                labels(all.stream().filter(before -> before.mayBecome(phase))),
                labels(all.stream().filter(phase::mayBecome)));
    }

    private static Set<String> labels(Stream<Phase> phases) {
        return phases.map(Phase::label).collect(Collectors.toSet());
    }

    boolean single() {
        return members.size() == 1;
    }

    /** A lone phase's own label, else what its members have in common. */
    String name() {
        if (single()) {
            return members.getFirst().label();
        }
        return members.getFirst().waiting() ? "Resting" : "Working";
    }

    boolean mayBecome(PhaseGroup other) {
        return members.getFirst().mayBecome(other.members.getFirst());
    }
}
