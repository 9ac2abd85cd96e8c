package io.kaitoflow.presets;

import java.util.List;

/**
 * A model of the catalogue.
 *
 * @param name as users write it
 * @param architecture e.g. {@code llama}, {@code phi3}
 * @param shape sizes of the decoder
 * @param contextLength tokens
 * @param targetModules linear layers that get an adapter by default
 * @param sources where the files can be had, in order
 * @param licence SPDX id or the vendor's name for it
 * @param gated whether the hub asks for a token
 * @param tunable whether adapters can be trained on it
 */
public record Preset(
        String name,
        String architecture,
        ModelShape shape,
        int contextLength,
        List<String> targetModules,
        List<ModelSource> sources,
        String licence,
        boolean gated,
        boolean tunable) {

    public Preset {
        targetModules = List.copyOf(targetModules);
        sources = List.copyOf(sources);
    }
}
