package io.kaitoflow.workflows.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.temporal.client.ActivityCanceledException;
import io.temporal.failure.ApplicationErrorCategory;
import io.temporal.failure.ApplicationFailure;
import org.junit.jupiter.api.Test;

class ActivityFailuresTest {

    private static final class Denied extends RuntimeException implements Classified {
        Denied() {
            super("Pushing was denied.");
        }

        @Override
        public FailureKind kind() {
            return FailureKind.REGISTRY_DENIED;
        }
    }

    @Test
    void classifiedExceptionKeepsItsKindMessageAndRetry() {
        ApplicationFailure failure = failureOf(new Denied());

        assertThat(failure.getType()).isEqualTo("REGISTRY_DENIED");
        assertThat(failure.getOriginalMessage()).isEqualTo("Pushing was denied.");
        assertThat(failure.isNonRetryable()).isTrue();
    }

    @Test
    void unknownExceptionIsInternalAndRetried() {
        ApplicationFailure failure = failureOf(new IllegalStateException());

        assertThat(failure.getType()).isEqualTo("INTERNAL");
        assertThat(failure.getOriginalMessage()).contains("IllegalStateException");
        assertThat(failure.isNonRetryable()).isFalse();
    }

    @Test
    void whoHasToAskElsewhereTriesAgainAndNoLogCallsItTrouble() {
        ApplicationFailure failure = ActivityFailures.elsewhere("Another replica writes statuses.");

        assertThat(failure.getType()).isEqualTo("INTERNAL");
        assertThat(failure.isNonRetryable()).isFalse();
        assertThat(failure.getCategory()).isEqualTo(ApplicationErrorCategory.BENIGN);
    }

    @Test
    void aFullDiskIsNamedHoweverDeepALibraryHidIt() {
        Exception deep = new Exception("Failed to extract", new Exception("No space left on device"));

        ApplicationFailure failure = failureOf(new IllegalStateException("PyTorch did not start", deep));

        assertThat(failure.getType()).isEqualTo("DISK_FULL");
        assertThat(failure.getOriginalMessage()).isEqualTo("PyTorch did not start");
        assertThat(failure.isNonRetryable()).isTrue();
    }

    @Test
    void cancellationPassesUntouched() {
        ActivityCanceledException cancelled = new ActivityCanceledException();

        assertThatThrownBy(() -> ActivityFailures.run(() -> {
                    throw cancelled;
                }))
                .isSameAs(cancelled);
    }

    private static ApplicationFailure failureOf(RuntimeException thrown) {
        return catchThrowableOfType(
                ApplicationFailure.class,
                () -> ActivityFailures.run(() -> {
                    throw thrown;
                }));
    }
}
