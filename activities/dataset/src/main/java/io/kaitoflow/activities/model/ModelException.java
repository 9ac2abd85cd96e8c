package io.kaitoflow.activities.model;

import io.kaitoflow.workflows.failure.Classified;
import io.kaitoflow.workflows.failure.FailureKind;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Why a base model could not be had; one child per reaction. Messages never hold a token. */
public abstract sealed class ModelException extends RuntimeException implements Classified {

    private final FailureKind kind;

    private ModelException(FailureKind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    @Override
    public FailureKind kind() {
        return kind;
    }

    /** The source did not give the files. */
    public static final class Unavailable extends ModelException {
        public Unavailable(String message, @Nullable Throwable cause) {
            super(FailureKind.MODEL_UNAVAILABLE, message, cause);
        }
    }

    /** The source wants a token that was not given or does not open this model. */
    public static final class Gated extends ModelException {
        public Gated(String message) {
            super(FailureKind.MODEL_GATED, message, null);
        }
    }

    /** The source gave other bytes than the catalogue pins, twice. */
    public static final class DigestMismatch extends ModelException {
        public DigestMismatch(String message) {
            super(FailureKind.DIGEST_MISMATCH, message, null);
        }
    }

    /** The cache's folder holds no more bytes. */
    public static final class DiskFull extends ModelException {
        public DiskFull(String message, @Nullable Throwable cause) {
            super(FailureKind.DISK_FULL, message, cause);
        }

        static DiskFull in(Path folder, @Nullable Throwable cause) {
            return new DiskFull("No space is left in " + folder + " for the model.", cause);
        }
    }
}
