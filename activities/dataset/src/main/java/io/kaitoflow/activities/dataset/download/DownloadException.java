package io.kaitoflow.activities.dataset.download;

import io.kaitoflow.presets.ByteSize;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Why a file was not downloaded; one child per reaction. Messages never hold a query, which may be a signature. */
public abstract sealed class DownloadException extends RuntimeException {

    private DownloadException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The address may not be asked at all. */
    public static final class Refused extends DownloadException {
        public Refused(String message) {
            super(message, null);
        }
    }

    /** No answer, or answers that ask to come back later, until the attempts were used up. */
    public static final class Unreachable extends DownloadException {
        public Unreachable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The server wants to know who asks, or knows and says no. */
    public static final class Denied extends DownloadException {
        public Denied(String message) {
            super(message, null);
        }
    }

    /** The server answered, and asking again would change nothing: not there, a web page, too large. */
    public static final class Unusable extends DownloadException {
        public Unusable(String message) {
            super(message, null);
        }

        static Unusable tooLarge(String address, ByteSize limit) {
            return new Unusable(address + " is larger than the limit of " + limit + "; give smaller files.");
        }
    }

    /** The folder holds no more bytes. */
    public static final class DiskFull extends DownloadException {

        private final transient Path folder;

        public DiskFull(Path folder, String detail, @Nullable Throwable cause) {
            super("No space is left in " + folder + detail + ".", cause);
            this.folder = folder;
        }

        /** Where space is missing. */
        public Path folder() {
            return folder;
        }
    }

    /** Worth another attempt; never leaves this package. */
    static final class Passing extends DownloadException {

        private final transient Duration wait;
        private final boolean connected;

        private Passing(String message, Duration wait, boolean connected, @Nullable Throwable cause) {
            super(message, cause);
            this.wait = wait;
            this.connected = connected;
        }

        static Passing noConnection(String message, Throwable cause) {
            return new Passing(message, Duration.ZERO, false, cause);
        }

        static Passing interrupted(String message, @Nullable Throwable cause) {
            return new Passing(message, Duration.ZERO, true, cause);
        }

        /** @param wait that the server asked for */
        static Passing askedToWait(String message, Duration wait) {
            return new Passing(message, wait, true, null);
        }

        Duration pause() {
            return wait;
        }

        boolean connected() {
            return connected;
        }
    }
}
