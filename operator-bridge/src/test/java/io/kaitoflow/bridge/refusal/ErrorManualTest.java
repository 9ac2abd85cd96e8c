package io.kaitoflow.bridge.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.workflows.failure.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Writes the manual of errors from the refusals' folders and the kinds of failure, so that it cannot be out of date. */
class ErrorManualTest {

    private static final Path MANUAL = Path.of("errors.md");
    private static final Path MEANINGS =
            Path.of("src", "test", "resources", "io", "kaitoflow", "bridge", "failure-kinds.properties");

    @Test
    void theManualHasAnEntryForEachRefusalAndEachKindOfFailure() throws IOException {
        String manual = """
                # The manual of errors

                Generated from the golden folders of refusals and from `FailureKind`; a test holds it equal, and writes it with
                `-Dgolden.rewrite=true`.

                ## Kinds of failure

                A condition that is False carries one of these as its reason, and the sentence says on what and with which answer.

                %s
                ## Refusals

                What is wrong in a manifest is refused before anything is bought: by `kubectl apply` where the API server or the
                webhook can see it, by `kaitoflow check`, and by the condition `WorkspaceReady` in any case. Every box below is what
                `kubectl apply` printed for the manifest `invalid-workspace.yaml` of the folder of that name; its twin
                `valid-workspace.yaml` is accepted.

                %s""".formatted(failures(), refusals());
        if (Boolean.getBoolean("golden.rewrite")) {
            Files.writeString(MANUAL, manual);
        }

        assertThat(manual).isEqualTo(Files.readString(MANUAL));
    }

    @Test
    void everyKindOfFailureHasAMeaningAndNoMeaningIsLeftOver() throws IOException {
        assertThat(meanings().stringPropertyNames())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(FailureKind.values()).map(Enum::name).toList());
    }

    @Test
    void everyRefusalSaysWhyThereIsSuchARule() {
        assertThat(RefusalCase.all())
                .allSatisfy(each -> assertThat(each.reason()).isNotBlank());
    }

    private static String failures() throws IOException {
        Properties meanings = meanings();
        return Arrays.stream(FailureKind.values())
                .map(kind -> """
                        ### %s

                        %s %s What to do: %s

                        """.formatted(
                                kind.name(),
                                Objects.toString(meanings.getProperty(kind.name()), ""),
                                kind.retryable() ? "It is tried again by itself." : "It is not tried again by itself.",
                                kind.advice()))
                .collect(Collectors.joining());
    }

    private static String refusals() {
        List<RefusalCase> all = RefusalCase.all();
        return all.stream().map(ErrorManualTest::entry).collect(Collectors.joining("\n"));
    }

    private static String entry(RefusalCase refusal) {
        String words = refusal.name().replace('-', ' ');
        return """
                ### %s

                %s

                ```
                %s```
                """.formatted(
                        Character.toUpperCase(words.charAt(0)) + words.substring(1),
                        refusal.reason(),
                        refusal.read("out-kubectl.txt"));
    }

    private static Properties meanings() throws IOException {
        Properties meanings = new Properties();
        try (var text = Files.newBufferedReader(MEANINGS)) {
            meanings.load(text);
        }
        return meanings;
    }
}
