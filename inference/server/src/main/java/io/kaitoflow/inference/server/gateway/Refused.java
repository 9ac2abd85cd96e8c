package io.kaitoflow.inference.server.gateway;

/** A call that goes no further than the gateway. */
final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String text;

    Refused(int status, String text) {
        super(text);
        this.status = status;
        this.text = text;
    }

    int status() {
        return status;
    }

    String text() {
        return text;
    }
}
