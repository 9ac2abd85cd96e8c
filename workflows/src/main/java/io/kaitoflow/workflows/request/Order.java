package io.kaitoflow.workflows.request;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.kaitoflow.workflows.request.Verb.Action;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Verb} as people and programs write it: {@code {"action":"PAUSE","reason":"the price is high"}}, {@code {"action":"extend",
 * "budgetUsd":40}}, or {@code "pause"} alone. It can be read whatever it says; what it says may be no verb.
 *
 * @param action pause, resume, cancel, retry or extend, in any case
 * @param sequence as in {@link Verb}; 0 is after everything that was ordered before
 * @param reason shown in the status; may be empty
 * @param budgetUsd how much tuning may cost from now on, of an extension
 * @param maxHours how long it may take
 */
public record Order(
        String action, long sequence, String reason, Optional<BigDecimal> budgetUsd, Optional<BigDecimal> maxHours) {

    /** The greatest number of an order: far behind every clock's, and there are others after it. */
    public static final long GREATEST = 1L << 62;

    private static final String BY_HAND = "A person ordered it.";

    private static final BigDecimal SECONDS_PER_HOUR = BigDecimal.valueOf(3600);

    /** One that needs no amount. */
    public Order(String action, long sequence, String reason) {
        this(action, sequence, reason, Optional.empty(), Optional.empty());
    }

    /** Of a program that numbers what it orders. */
    public static Order of(Verb verb) {
        return new Order(
                verb.action().name(),
                verb.sequence(),
                verb.reason(),
                verb.extension().flatMap(Extension::budgetUsd),
                verb.extension()
                        .flatMap(Extension::maxDuration)
                        .map(time ->
                                BigDecimal.valueOf(time.toSeconds()).divide(SECONDS_PER_HOUR, MathContext.DECIMAL64)));
    }

    /** The next order, to go on up to these bounds. */
    public static Order extend(Optional<BigDecimal> budgetUsd, Optional<BigDecimal> maxHours, String reason) {
        return new Order(Action.EXTEND.name(), 0, reason, budgetUsd, maxHours);
    }

    /** The next order, whatever came before. */
    public static Order next(Action action, String reason) {
        return new Order(action.name(), 0, reason);
    }

    /** @param json what stands there: an object, a string, or anything else */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Order read(@Nullable Object json) {
        if (json instanceof Map<?, ?> fields) {
            return new Order(
                    text(fields.get("action")),
                    number(fields.get("sequence")),
                    text(fields.get("reason")),
                    amount(fields.get("budgetUsd")),
                    amount(fields.get("maxHours")));
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
                .map(known -> new Verb(
                        known,
                        sequence == 0 ? next : sequence,
                        reason.isBlank() ? BY_HAND : reason.strip(),
                        known == Action.EXTEND ? Optional.of(extension()) : Optional.empty()));
    }

    /** The bounds that it names. */
    private Extension extension() {
        return new Extension(
                budgetUsd,
                maxHours.map(hours ->
                        Duration.ofSeconds(hours.multiply(SECONDS_PER_HOUR).longValue())));
    }

    /** Why it is no verb. */
    public String objection() {
        return "The order \"" + action + "\" is none of pause, resume, cancel, retry and extend; nothing was done.";
    }

    private static String text(@Nullable Object json) {
        return Objects.toString(json, "");
    }

    /** A number above 0, also where somebody put it into quotes. */
    private static Optional<BigDecimal> amount(@Nullable Object json) {
        String text = text(json).strip();
        return text.matches("\\d{1,9}(\\.\\d{1,9})?")
                ? Optional.of(new BigDecimal(text)).filter(amount -> amount.signum() > 0)
                : Optional.empty();
    }

    private static long number(@Nullable Object json) {
        return json instanceof Number number ? number.longValue() : 0;
    }
}
