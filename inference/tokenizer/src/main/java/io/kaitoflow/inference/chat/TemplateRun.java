package io.kaitoflow.inference.chat;

import com.hubspot.jinjava.objects.date.StrftimeFormatter;
import java.time.Clock;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one rendering may use up and what it said; bound to the rendering thread while the template runs. */
final class TemplateRun {

    static final ScopedValue<TemplateRun> CURRENT = ScopedValue.newInstance();

    private final Clock clock;
    private final Duration limit;
    private final long startNanos = System.nanoTime();
    private @Nullable String refusal;

    /** @param limit how long the rendering may take */
    TemplateRun(Clock clock, Duration limit) {
        this.clock = clock;
        this.limit = limit;
    }

    /** Looks at the time before each node of the template, so that nested loops end. */
    static void step() {
        TemplateRun run = CURRENT.get();
        if (System.nanoTime() - run.startNanos > run.limit.toNanos()) {
            throw new TimeExceeded(run.limit);
        }
    }

    /** The template function {@code raise_exception(message)}. */
    static Object raiseException(Object message) {
        CURRENT.get().refusal = String.valueOf(message);
        throw new RefusedByTemplate(String.valueOf(message));
    }

    /** The template function {@code strftime_now(format)}. */
    static String strftimeNow(String format) {
        return StrftimeFormatter.format(ZonedDateTime.now(CURRENT.get().clock), format, Locale.ENGLISH);
    }

    /** What the template gave as its reason to stop. */
    Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** Ends a rendering that runs too long; an Error because the library goes on after exceptions. */
    static final class TimeExceeded extends Error {
        TimeExceeded(Duration limit) {
            super("longer than " + limit.toMillis() + " ms");
        }
    }

    /** Ends a rendering that the template itself gave up. */
    private static final class RefusedByTemplate extends RuntimeException {
        RefusedByTemplate(String message) {
            super(message);
        }
    }
}
