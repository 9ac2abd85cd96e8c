package io.kaitoflow.bridge.reconcile;

import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.manifest.ManifestReader;
import io.kaitoflow.bridge.translate.TranslatorSettings;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.presets.PresetCatalogue;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;

/** Workspaces as an API server hands them out. */
final class Samples {

    private static final String SERVING = """
            apiVersion: kaito.sh/v1beta1
            kind: Workspace
            metadata:
              name: %s
              namespace: default
            resource:
              instanceType: Standard_NC24ads_A100_v4
              labelSelector: {matchLabels: {apps: serve}}
            inference:
              preset: {name: phi-4-mini-instruct}
            """;

    private Samples() {}

    static WorkspaceTranslator translator() {
        return new WorkspaceTranslator(
                PresetCatalogue.load(),
                GpuCatalogue.load(),
                TranslatorSettings.strict(),
                Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC));
    }

    /** An accepted workspace, without what only an API server gives. */
    static Workspace unsaved(String name) {
        return new ManifestReader().read(SERVING.formatted(name), "test.yaml").workspace();
    }

    static Workspace saved(String name, long version) {
        Workspace workspace = unsaved(name);
        workspace.getMetadata().setUid("uid-" + name);
        workspace.getMetadata().setResourceVersion(String.valueOf(version));
        workspace.getMetadata().setGeneration(1L);
        return workspace;
    }

    static Workspace annotated(String name, long version, String key, String value) {
        Workspace workspace = saved(name, version);
        workspace.getMetadata().setAnnotations(Map.of(key, value));
        return workspace;
    }

    static Workspace deleted(String name, long version) {
        Workspace workspace = saved(name, version);
        workspace.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
        return workspace;
    }

    static WorkspaceSnapshot snapshot(WorkspaceId id, Phase phase) {
        return WorkspaceSnapshot.builder(id, "", phase).build();
    }
}
