package io.kaitoflow.workflows.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Writes {@code phases.md} from the rules in code. Run with -Dkaitoflow.rewrite=true to write it anew. */
class PhaseDiagramTest {

    private static final Path PAGE = Path.of("phases.md");
    private static final List<Phase> ALL = Phases.ofEveryKind();

    @Test
    void pageShowsTheRulesOfToday() throws IOException {
        if (Boolean.getBoolean("kaitoflow.rewrite")) {
            Files.writeString(PAGE, page());
        }

        assertThat(PAGE)
                .as("the phases changed; look, then rewrite it with -Dkaitoflow.rewrite=true")
                .hasContent(page());
    }

    @Test
    void everyKindOfPhaseIsShown() {
        List<Class<?>> kinds = ALL.stream().<Class<?>>map(Phase::getClass).toList();

        assertThat(kinds).containsExactlyInAnyOrder(Phase.class.getPermittedSubclasses());
    }

    @Test
    void noTwoBoxesHaveOneName() {
        assertThat(PhaseGroup.of(ALL)).extracting(PhaseGroup::name).doesNotHaveDuplicates();
    }

    @Test
    void onlyGivingBackLeadsToTheEndAndNothingLeadsOn() {
        Phase end = new Phase.Released();

        assertThat(ALL).filteredOn(phase -> phase.mayBecome(end)).containsExactly(new Phase.Releasing());
        assertThat(ALL).noneMatch(end::mayBecome);
    }

    private static String page() {
        return """
                # Phases

                Written by `PhaseDiagramTest` from `Phase.mayBecome`, `waiting`, `explanation` and `next`; do not edit.

                An edit of the workspace can take a run from anywhere to any step, so phases with the same rules share a box:
                inside a box every phase may become every other, and an arrow holds for every phase of its box.

                ```mermaid
                stateDiagram-v2
                %s```

                | Phase | Rests | What happens, for example | What comes next |
                |---|---|---|---|
                %s""".formatted(diagram(), table());
    }

    private static String diagram() {
        List<PhaseGroup> groups = PhaseGroup.of(ALL);
        Stream<String> boxes = groups.stream().filter(group -> !group.single()).flatMap(PhaseDiagramTest::box);
        Stream<String> arrows = groups.stream()
                .flatMap(from -> groups.stream()
                        .filter(to -> !to.equals(from) && from.mayBecome(to))
                        .map(to -> from.name() + " --> " + to.name()));
        return lines(Stream.of(boxes, Stream.of("[*] --> Accepted"), arrows, Stream.of("Released --> [*]"))
                .flatMap(part -> part.map(line -> "    " + line)));
    }

    private static Stream<String> box(PhaseGroup group) {
        Stream<String> members = group.members().stream().map(phase -> "    " + phase.label());
        return Stream.of(Stream.of("state " + group.name() + " {"), members, Stream.of("}"))
                .flatMap(part -> part);
    }

    private static String table() {
        return lines(ALL.stream()
                .map(phase -> "| " + phase.label() + " | " + (phase.waiting() ? "yes" : "no") + " | "
                        + phase.explanation() + " | " + phase.next() + " |"));
    }

    private static String lines(Stream<String> lines) {
        return lines.map(line -> line + "\n").collect(Collectors.joining());
    }
}
