package io.kaitoflow.bridge.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.bridge.manifest.Manifest;
import io.kaitoflow.bridge.manifest.ManifestReader;
import io.kaitoflow.bridge.translate.ImmutableFields;
import io.kaitoflow.bridge.translate.Translation;
import io.kaitoflow.bridge.translate.TranslatorSettings;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.presets.PresetCatalogue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The refusals as the command gives them, without a server. */
class RefusalsTest {

    private final WorkspaceTranslator translator = new WorkspaceTranslator(
            PresetCatalogue.load(),
            GpuCatalogue.load(),
            TranslatorSettings.strict(),
            Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC));

    @TestFactory
    Stream<DynamicTest> theRefusedManifestIsRefusedInTheseWordsAndItsTwinIsNot() {
        return RefusalCase.tests(this::check);
    }

    private void check(RefusalCase folder) throws IOException {
        Manifest invalid = read(folder.invalid());
        Manifest valid = read(folder.valid());
        List<Refusal> changes =
                folder.edit() ? new ImmutableFields(valid.workspace(), invalid.workspace()).changes() : List.of();

        String said = Stream.concat(changes.stream(), refusals(invalid))
                .map(refusal -> refusal.sentence() + "\n")
                .collect(Collectors.joining());

        assertThat(refusals(valid)).isEmpty();
        assertThat(said).isNotEmpty();
        folder.assertSaid("out-check.txt", said);
        folder.assertNothingIsUnused();
    }

    private static Manifest read(Path file) {
        return new ManifestReader().read(file);
    }

    private Stream<Refusal> refusals(Manifest manifest) {
        return manifest.translatedBy(translator) instanceof Translation.Refused refused
                ? refused.refusals().stream()
                : Stream.empty();
    }
}
