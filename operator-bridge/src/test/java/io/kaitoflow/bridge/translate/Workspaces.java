package io.kaitoflow.bridge.translate;

import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.manifest.Manifest;
import io.kaitoflow.bridge.manifest.ManifestReader;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.presets.PresetCatalogue;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;

/** Workspaces to translate, and the translator. */
final class Workspaces {

    /** A workspace that is accepted; tests change one thing. */
    static final String TUNING = """
            apiVersion: kaito.sh/v1beta1
            kind: Workspace
            metadata:
              name: tune
              annotations: {}
            resource:
              labelSelector: {matchLabels: {apps: tune}}
            tuning:
              preset: {name: smollm2-135m-instruct}
              method: QLoRA
              input:
                urls: ["https://example.org/train.jsonl"]
              output:
                image: registry.example/a/b:1
                imagePushSecret: push
            """;

    private static final WorkspaceTranslator TRANSLATOR = translator(TranslatorSettings.strict());

    private Workspaces() {}

    static WorkspaceTranslator translator(TranslatorSettings settings) {
        Clock clock = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
        return new WorkspaceTranslator(PresetCatalogue.load(), GpuCatalogue.load(), settings, clock);
    }

    static WorkspaceTranslator allowing(String host) {
        return translator(new TranslatorSettings(Set.of(host), true));
    }

    static Manifest manifest(String text) {
        return new ManifestReader().read(text, "test.yaml");
    }

    static Workspace workspace(String text) {
        return manifest(text).workspace();
    }

    static Translation translate(String text) {
        return manifest(text).translatedBy(TRANSLATOR);
    }
}
