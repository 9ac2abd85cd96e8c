package io.kaitoflow.bridge.manifest;

/** A file from which no workspace can be read; the message names the file, the place, the cause and the cure. */
public final class ManifestException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ManifestException(String message) {
        super(message);
    }

    ManifestException(String message, Throwable cause) {
        super(message, cause);
    }
}
