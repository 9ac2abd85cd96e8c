package io.kaitoflow.activities.dataset;

import io.kaitoflow.workflows.failure.Classified;
import io.kaitoflow.workflows.failure.FailureKind;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Why a data set cannot be used; one child per reaction. */
public abstract sealed class DatasetException extends RuntimeException implements Classified {

    private final FailureKind kind;

    private DatasetException(FailureKind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    @Override
    public FailureKind kind() {
        return kind;
    }

    /** The bytes arrived and cannot be trained on; the message names file and row. */
    public static final class Invalid extends DatasetException {
        public Invalid(String message) {
            super(FailureKind.DATASET_INVALID, message, null);
        }

        public Invalid(String message, Throwable cause) {
            super(FailureKind.DATASET_INVALID, message, cause);
        }
    }

    /** The bytes did not arrive; the message names the address and what it answered. */
    public static final class Unavailable extends DatasetException {
        public Unavailable(String message, @Nullable Throwable cause) {
            super(FailureKind.DATASET_UNAVAILABLE, message, cause);
        }
    }

    /** The request names something that is never fetched, such as a private address. */
    public static final class Refused extends DatasetException {
        public Refused(String message) {
            super(FailureKind.INVALID_REQUEST, message, null);
        }
    }

    /** The folder holds no more bytes. */
    public static final class DiskFull extends DatasetException {
        public DiskFull(Path folder, @Nullable Throwable cause) {
            super(FailureKind.DISK_FULL, "No space is left in " + folder + " for the data set.", cause);
        }
    }
}
