package io.kaitoflow.workflows.request;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.kaitoflow.workflows.request.Verb.Action;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Verb} as people and programs write it: {@code {"action":"PAUSE","reason":"the price is high"}}, or {@code "pause"} alone. It can
 * be read whatever it says; what it says may be no verb.
 *
 * @param action pause, resume, cancel or retry, in any case
 * @param sequence as in {@link Verb}; 0 is after everything that was ordered before
 * @param reason shown in the status; may be empty
 */
public record Order(String action, long sequence, String reason) {

    private static final String BY_HAND = "A person ordered it.";

    /** Of a program that numbers what it orders. */
    public static Order of(Verb verb) {
        return new Order(verb.action().name(), verb.sequence(), verb.reason());
    }

    /** The next order, whatever came before. */
    public static Order next(Action action, String reason) {
        return new Order(action.name(), 0, reason);
    }

    /** @param json what stands there: an object, a string, or anything else */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Order read(@Nullable Object json) {
        if (json instanceof Map<?, ?> fields) {
            return new Order(text(fields.get("action")), number(fields.get("sequence")), text(fields.get("reason")));
        }
        return new Order(text(json), 0, "");
    }

    /**
     * What is to happen; empty when the action is none.
     *
     * @param next the number of an order that has none of its own
     */
    public Optional<Verb> verb(long next) {
        return Arrays.stream(Action.values())
                .filter(each -> each.name().equals(action.strip().toUpperCase(Locale.ROOT)))
                .findFirst()
                .map(known ->
                        new Verb(known, sequence == 0 ? next : sequence, reason.isBlank() ? BY_HAND : reason.strip()));
    }

    /** Why it is no verb. */
    public String objection() {
        return "The order \"" + action + "\" is none of pause, resume, cancel and retry; nothing was done.";
    }

    private static String text(@Nullable Object json) {
        return Objects.toString(json, "");
    }

    private static long number(@Nullable Object json) {
        return json instanceof Number number ? number.longValue() : 0;
    }
}
