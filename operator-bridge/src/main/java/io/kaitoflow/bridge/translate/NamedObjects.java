package io.kaitoflow.bridge.translate;

import io.fabric8.kubernetes.api.model.Volume;
import io.kaitoflow.bridge.api.DataSource;
import io.kaitoflow.bridge.api.InferenceSpec;
import io.kaitoflow.bridge.api.PresetSpec;
import io.kaitoflow.bridge.api.TuningSpec;
import io.kaitoflow.bridge.api.Workspace;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The ConfigMaps and Secrets that a workspace names, sorted; whoever watches the cluster fetches exactly these.
 *
 * @param configMaps names
 * @param secrets names
 */
public record NamedObjects(Set<String> configMaps, Set<String> secrets) {

    public static NamedObjects of(Workspace workspace) {
        NamedObjects named = new NamedObjects(new TreeSet<>(), new TreeSet<>());
        Optional.ofNullable(workspace.getTuning()).ifPresent(named::addTuning);
        Optional.ofNullable(workspace.getInference()).ifPresent(named::addInference);
        Optional.ofNullable(workspace.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(AnnotationName.API_KEYS.key()))
                .ifPresent(name -> add(named.secrets, name.strip()));
        return new NamedObjects(
                Collections.unmodifiableSet(named.configMaps), Collections.unmodifiableSet(named.secrets));
    }

    private void addTuning(TuningSpec tuning) {
        add(configMaps, tuning.config());
        addPreset(tuning.preset());
        addSource(tuning.input());
        if (tuning.output() != null) {
            add(secrets, tuning.output().imagePushSecret());
        }
    }

    private void addInference(InferenceSpec inference) {
        add(configMaps, inference.config());
        addPreset(inference.preset());
        inference.adapters().forEach(adapter -> addSource(adapter.source()));
    }

    private void addPreset(@Nullable PresetSpec preset) {
        if (preset != null && preset.presetOptions() != null) {
            add(secrets, preset.presetOptions().modelAccessSecret());
            secrets.addAll(preset.presetOptions().imagePullSecrets());
        }
    }

    private void addSource(@Nullable DataSource source) {
        if (source != null) {
            secrets.addAll(source.imagePullSecrets());
            addVolume(source.volumeSource());
        }
    }

    private void addVolume(@Nullable Volume volume) {
        if (volume != null && volume.getConfigMap() != null) {
            add(configMaps, volume.getConfigMap().getName());
        }
    }

    private static void add(Set<String> names, @Nullable String name) {
        if (name != null && !name.isBlank()) {
            names.add(name);
        }
    }
}
