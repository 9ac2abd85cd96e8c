package io.kaitoflow.workflows.failure;

import io.temporal.client.ActivityCompletionException;
import io.temporal.failure.ApplicationErrorCategory;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TemporalFailure;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The one place where exceptions of ports become failures that Temporal records and the workflow can read. */
public final class ActivityFailures {

    private ActivityFailures() {}

    /** A failure whose type is the kind's name and which is retried only if the kind is. */
    public static ApplicationFailure of(FailureKind kind, String message, @Nullable Throwable cause) {
        return kind.retryable()
                ? ApplicationFailure.newFailureWithCause(message, kind.name(), cause)
                : ApplicationFailure.newNonRetryableFailureWithCause(message, kind.name(), cause);
    }

    /** An answer rather than a failure: somebody else has to be asked. It is retried, and no log shows it as trouble. */
    public static ApplicationFailure elsewhere(String message) {
        return ApplicationFailure.newBuilder()
                .setMessage(message)
                .setType(FailureKind.INTERNAL.name())
                .setCategory(ApplicationErrorCategory.BENIGN)
                .build();
    }

    /** Runs the body of an activity; cancellation passes untouched, everything else becomes a failure with a kind. */
    public static <T> T call(Supplier<T> body) {
        try {
            return body.get();
        } catch (ActivityCompletionException | TemporalFailure asItIs) {
            throw asItIs;
        } catch (RuntimeException cause) {
            throw translate(cause);
        }
    }

    /** The same for a body without a result. */
    public static void run(Runnable body) {
        Supplier<Boolean> withResult = () -> {
            body.run();
            return true;
        };
        call(withResult);
    }

    private static ApplicationFailure translate(RuntimeException cause) {
        String message = cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage();
        return retryAfter(cause)
                .map(pause -> ApplicationFailure.newFailureWithCauseAndDelay(
                        message, kind(cause).name(), cause, pause))
                .orElseGet(() -> of(kind(cause), message, cause));
    }

    private static Optional<Duration> retryAfter(RuntimeException cause) {
        return cause instanceof Classified known && known.kind().retryable() ? known.retryAfter() : Optional.empty();
    }

    private static FailureKind kind(RuntimeException cause) {
        if (cause instanceof Classified known) {
            return known.kind();
        }
        return isDiskFull(cause) ? FailureKind.DISK_FULL : FailureKind.INTERNAL;
    }

    /** Libraries wrap it in errors of their own; the operating system's words are what they keep. */
    private static boolean isDiskFull(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause -> String.valueOf(cause.getMessage()).contains("No space left on device"));
    }
}
