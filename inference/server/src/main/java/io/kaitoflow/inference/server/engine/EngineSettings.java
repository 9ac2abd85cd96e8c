package io.kaitoflow.inference.server.engine;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is loaded and how much it takes on.
 *
 * @param base model
 * @param adapters by their served names, in the order they were given
 * @param slots replies that are made at the same time; when empty, {@value #DEFAULT_SLOTS}, and more on a GPU
 * @param queue requests that wait for a slot; more are refused
 * @param context tokens of prompt and reply together; when empty, the slots share {@value #DEFAULT_TOKENS}, because
 *     the memory of every slot is taken in full at start
 */
public record EngineSettings(
        ServedBase base,
        Map<String, AdapterSource> adapters,
        Arithmetic arithmetic,
        OptionalInt slots,
        int queue,
        OptionalInt context) {

    /** Replies at the same time when nothing was said. */
    public static final int DEFAULT_SLOTS = 8;

    /** Tokens of all slots together when nothing was said. */
    public static final int DEFAULT_TOKENS = 8192;

    /** Of a base of which nothing more is known. */
    public EngineSettings(
            Path model,
            Map<String, AdapterSource> adapters,
            Arithmetic arithmetic,
            OptionalInt slots,
            int queue,
            OptionalInt context) {
        this(
                new ServedBase(model, String.valueOf(model.getFileName()), Optional.empty()),
                adapters,
                arithmetic,
                slots,
                queue,
                context);
    }

    /** Refuses counts that allow nothing. */
    public EngineSettings {
        adapters = Collections.unmodifiableMap(new LinkedHashMap<>(adapters));
        if (slots.orElse(1) < 1 || queue < 1 || context.orElse(2) < 2) {
            throw new IllegalArgumentException("--slots and --queue must be at least 1 and --context at least 2, not "
                    + slots.orElse(DEFAULT_SLOTS) + ", " + queue + " and " + context.orElse(DEFAULT_TOKENS) + ".");
        }
    }

    Path model() {
        return base.path();
    }

    int slotsOr(int usual) {
        return slots.orElse(usual);
    }

    /** Tokens of all requests together where they share one cache. */
    int sharedTokens() {
        return Math.max(DEFAULT_TOKENS, context.orElse(0));
    }

    /** Tokens of one request where all share one cache, for a model that was made for {@code most}. */
    int sharedContextOf(int most) {
        return context.isPresent() ? contextOf(most) : Math.min(sharedTokens(), most);
    }

    /**
     * Tokens of one slot for a model that was made for {@code most}.
     *
     * @throws IllegalArgumentException when more was asked for than the model can
     */
    int contextOf(int most) {
        if (context.orElse(0) > most) {
            throw new IllegalArgumentException("--context " + context.getAsInt() + " is more than the " + most
                    + " tokens this model was made for.");
        }
        return context.orElse(Math.clamp(DEFAULT_TOKENS / slotsOr(DEFAULT_SLOTS), 2, most));
    }
}
