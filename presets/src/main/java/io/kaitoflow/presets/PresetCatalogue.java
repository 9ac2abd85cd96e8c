package io.kaitoflow.presets;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The models that can be named in a workspace, in the order of the catalogue file. Immutable. */
public final class PresetCatalogue {

    private final Map<String, Preset> presets = new LinkedHashMap<>();

    private PresetCatalogue(List<Preset> presets) {
        presets.forEach(preset -> this.presets.put(preset.name(), preset));
    }

    /** Reads the catalogue of this release. */
    public static PresetCatalogue load() {
        File file = new CatalogueFile("models.yaml").read(File.class);
        return new PresetCatalogue(
                file.models().stream().map(entry -> entry.preset(file)).toList());
    }

    public List<Preset> presets() {
        return List.copyOf(presets.values());
    }

    /** @param name of the catalogue, or {@code owner/model} of a hub source of one of its models, in any case */
    public Optional<Preset> find(String name) {
        return Optional.ofNullable(presets.get(name))
                .or(() -> presets.values().stream()
                        .filter(preset -> hubRepositories(preset).anyMatch(name::equalsIgnoreCase))
                        .findFirst());
    }

    /** Names that look like an unknown one, nearest first. */
    public NearestNames names() {
        return NearestNames.of(presets.keySet());
    }

    private static Stream<String> hubRepositories(Preset preset) {
        return preset.sources().stream()
                .filter(ModelSource.Hub.class::isInstance)
                .map(source -> ((ModelSource.Hub) source).repository());
    }

    /** The form of {@code models.yaml}. */
    private record File(Map<String, List<String>> architectures, List<Entry> models) {}

    private record Entry(
            String name,
            String architecture,
            ModelShape shape,
            int contextLength,
            List<ModelSource> sources,
            String licence,
            boolean gated) {

        Preset preset(File file) {
            List<String> targets = file.architectures().get(architecture);
            if (targets == null) {
                throw new IllegalStateException("Preset " + name + ": no target modules for " + architecture);
            }
            // Adapters can be trained on every architecture whose target modules are known.
            return new Preset(name, architecture, shape, contextLength, targets, sources, licence, gated, true);
        }
    }
}
