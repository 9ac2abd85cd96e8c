package io.kaitoflow.inference.server.schema;

/** A schema that replies cannot be held to; the text says where and why. */
public final class SchemaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SchemaException(String message) {
        super(message);
    }
}
