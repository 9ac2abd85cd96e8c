package io.kaitoflow.activities.image;

import io.kaitoflow.workflows.failure.Classified;
import io.kaitoflow.workflows.failure.FailureKind;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why an image could not be pushed or pulled; the message says what was tried, on what, and what was answered. */
public abstract sealed class ImageException extends RuntimeException implements Classified {

    private ImageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The right exception for a failed read or write of {@code what}: a full disk has its own cure. */
    public static ImageException ofFile(String what, IOException cause) {
        String answer = String.valueOf(cause.getMessage());
        boolean full = answer.toLowerCase(Locale.ROOT).contains("no space left")
                || answer.toLowerCase(Locale.ROOT).contains("quota exceeded");
        return full
                ? new DiskFull(what + " failed: " + answer + ".", cause)
                : new Broken(what + " failed: " + cause, cause);
    }

    /** The registry knows us too little: 401, 403, or a refusal of what was asked. */
    public static final class Denied extends ImageException {
        public Denied(String message) {
            super(message, null);
        }

        @Override
        public FailureKind kind() {
            return FailureKind.REGISTRY_DENIED;
        }
    }

    /** The registry did not answer, or not with what the specification says. */
    public static final class Unavailable extends ImageException {
        public Unavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

        @Override
        public FailureKind kind() {
            return FailureKind.REGISTRY_UNAVAILABLE;
        }
    }

    /** Nobody is at the registry's address: the name is unknown, or the connection is refused. */
    public static final class Unreachable extends ImageException {
        public Unreachable(String message, Throwable cause) {
            super(message, cause);
        }

        @Override
        public FailureKind kind() {
            return FailureKind.REGISTRY_UNAVAILABLE;
        }
    }

    /** There is no such image, or it is not one that holds an adapter. */
    public static final class NotAnAdapter extends ImageException {
        public NotAnAdapter(String message) {
            super(message, null);
        }

        @Override
        public FailureKind kind() {
            return FailureKind.INVALID_REQUEST;
        }
    }

    /** Other bytes than the digest names. */
    public static final class Corrupt extends ImageException {
        public Corrupt(String message) {
            super(message, null);
        }

        @Override
        public FailureKind kind() {
            return FailureKind.DIGEST_MISMATCH;
        }
    }

    /** No room where the message says. */
    public static final class DiskFull extends ImageException {
        public DiskFull(String message, Throwable cause) {
            super(message, cause);
        }

        @Override
        public FailureKind kind() {
            return FailureKind.DISK_FULL;
        }
    }

    /** An adapter did not get to where it was to be kept. */
    public static final class NotCarried extends ImageException {
        public NotCarried(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

        @Override
        public FailureKind kind() {
            return FailureKind.INTERNAL;
        }
    }

    /** A file could not be read or written for another reason. */
    public static final class Broken extends ImageException {
        public Broken(String message, Throwable cause) {
            super(message, cause);
        }

        @Override
        public FailureKind kind() {
            return FailureKind.INTERNAL;
        }
    }
}
