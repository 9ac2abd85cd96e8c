package io.kaitoflow.bridge.examples;

import io.kaitoflow.bridge.translate.TranslatorSettings;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.presets.PresetCatalogue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;

/** Where the examples lie, and the translator that they are translated with. */
final class Examples {

    static final Path FOLDER = Path.of("..", "helm", "examples");

    private Examples() {}

    static WorkspaceTranslator translator() {
        Clock clock = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
        return new WorkspaceTranslator(PresetCatalogue.load(), GpuCatalogue.load(), TranslatorSettings.strict(), clock);
    }

    /** All manifests, those that are to be refused or the others. */
    static List<Path> manifests(boolean invalid) {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> file.getFileName().toString().startsWith("invalid-") == invalid)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
