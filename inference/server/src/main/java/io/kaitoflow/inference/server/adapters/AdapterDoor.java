package io.kaitoflow.inference.server.adapters;

import java.nio.file.Path;

/** Who may change the adapters of a server that runs. */
public sealed interface AdapterDoor {

    /** Nobody. */
    record Closed() implements AdapterDoor {}

    /**
     * Whoever may ask it anything, by vLLM's two calls.
     *
     * @param root that adapters are loaded from, and from nowhere else
     */
    record Callers(Path root) implements AdapterDoor {}

    /**
     * Whoever writes a file on its machine; no caller.
     *
     * @param file is looked at all the time
     * @param first what it held when the server started, which is served already
     */
    record Followed(Path file, AdapterList first) implements AdapterDoor {}
}
