package io.kaitoflow.bridge.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.bridge.manifest.ManifestReader;
import io.kaitoflow.bridge.refusal.Refusal;
import io.kaitoflow.bridge.translate.Translation;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ExamplesTest {

    private static final String EXPECTED = "# refused: ";

    @TestFactory
    Stream<DynamicTest> everyExampleIsAccepted() {
        return Examples.manifests(false).stream()
                .map(file -> DynamicTest.dynamicTest(
                        file.getFileName().toString(),
                        () -> assertThat(translate(file)).isInstanceOf(Translation.Accepted.class)));
    }

    @TestFactory
    Stream<DynamicTest> everyInvalidTwinIsRefusedForTheReasonsItNames() {
        return Examples.manifests(true).stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> checkRefusals(file)));
    }

    @Test
    void theQuickstartIsToldAboutItsOldMachine() {
        List<String> notes =
                translate(Examples.FOLDER.resolve("quickstart-phi-3.yaml")).notes();

        assertThat(notes)
                .anySatisfy(note -> assertThat(note).contains("no native BF16", "FP16"))
                .anySatisfy(note -> assertThat(note).contains("retired", "2025-09-30"));
    }

    private static void checkRefusals(Path file) {
        List<String> expected = Examples.lines(file).stream()
                .filter(line -> line.startsWith(EXPECTED))
                .map(line -> line.substring(EXPECTED.length()))
                .toList();

        Translation translation = translate(file);

        assertThat(translation).isInstanceOfSatisfying(Translation.Refused.class, refused -> {
            List<String> sentences =
                    refused.refusals().stream().map(Refusal::sentence).toList();
            assertThat(sentences).hasSameSizeAs(expected);
            assertThat(expected)
                    .allSatisfy(beginning -> assertThat(sentences)
                            .anySatisfy(said -> assertThat(said).startsWith(beginning)));
        });
    }

    private static Translation translate(Path file) {
        return new ManifestReader().read(file).translatedBy(Examples.translator());
    }
}
