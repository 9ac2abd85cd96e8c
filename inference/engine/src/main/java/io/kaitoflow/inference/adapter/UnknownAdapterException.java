package io.kaitoflow.inference.adapter;

import java.util.Set;

/** A request named an adapter that is not loaded. */
public final class UnknownAdapterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnknownAdapterException(String name, Set<String> loaded) {
        super("No adapter " + name + " is loaded; "
                + (loaded.isEmpty() ? "there is none" : "loaded are " + String.join(", ", loaded)) + ".");
    }
}
