package io.kaitoflow.inference.server.chat;

import java.util.Iterator;

/**
 * A generation under way, read by one thread: each step waits for the next token and gives the text that became
 * complete with it, which may be empty. {@link #cancel} may be called by any thread and ends the iteration.
 */
public interface TokenRun extends Iterator<String> {

    /** Tokens made so far. */
    int tokens();

    /** Why it ended; asked only once {@link #hasNext} was false. */
    FinishReason finishReason();

    /** Gives the slot back within a step; a run that ended is left alone. */
    void cancel();
}
