package io.kaitoflow.bridge.admission;

/** Files that hold no certificate with its key; the message names the file, the cause and the cure. */
public final class CertificateException extends RuntimeException {

    private static final long serialVersionUID = 1;

    CertificateException(String message, Throwable cause) {
        super(message, cause);
    }
}
