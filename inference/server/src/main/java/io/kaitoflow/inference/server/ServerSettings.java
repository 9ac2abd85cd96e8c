package io.kaitoflow.inference.server;

import io.kaitoflow.inference.server.chat.ServedNames;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Everything the process was told, read once.
 *
 * @param adapters folder of each adapter by its served name, in the order they were given; the first is the default
 * @param endsWithParent whether the end of standard input stops the server
 */
record ServerSettings(
        Path model,
        String modelName,
        Map<String, Path> adapters,
        Engine engine,
        HttpSettings http,
        boolean endsWithParent) {

    /** Which arithmetic the model computes in. */
    enum Compute {
        bf16,
        fp32
    }

    /**
     * How much the engine takes on.
     *
     * @param slots replies that are made at the same time
     * @param queue requests that wait for a slot; more are refused
     * @param context tokens of prompt and reply together; the model's own when empty
     */
    record Engine(Compute compute, int slots, int queue, OptionalInt context) {

        Engine {
            if (slots < 1 || queue < 1 || context.orElse(1) < 1) {
                throw new IllegalArgumentException("--slots, --queue and --context must be at least 1, not " + slots
                        + ", " + queue + " and " + context.orElse(1) + ".");
            }
        }
    }

    ServerSettings {
        adapters = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(adapters));
    }

    ServedNames names() {
        return new ServedNames(modelName, List.copyOf(adapters.keySet()));
    }

    /** One line for the log. Nothing here is secret yet; a secret that joins must not be shown. */
    String describe() {
        return "model " + modelName + " from " + model + ", adapters " + adapters + ", " + engine + ", " + http;
    }
}
