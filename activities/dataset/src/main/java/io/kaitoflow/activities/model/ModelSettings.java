package io.kaitoflow.activities.model;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Where models come from and where they are kept.
 *
 * @param cache folder that several processes may share
 * @param hub address of the model hub or of its mirror
 * @param python command that runs Python 3 with pip
 */
public record ModelSettings(Path cache, URI hub, List<String> python) {

    private static final String PUBLIC_HUB = "https://huggingface.co";

    public ModelSettings {
        python = List.copyOf(python);
    }

    /** The public hub, or the one that {@code HF_ENDPOINT} names. */
    public static ModelSettings of(Path cache, Map<String, String> environment) {
        String hub = environment.getOrDefault("HF_ENDPOINT", PUBLIC_HUB);
        return new ModelSettings(cache, URI.create(hub.replaceFirst("/+$", "")), List.of("python3"));
    }
}
