package io.kaitoflow.inference.server.chat;

import java.util.Iterator;
import java.util.List;

/**
 * A generation under way, read by one thread: each step waits for the next token and gives the text that became
 * complete with it, which may be empty. {@link #cancel} may be called by any thread and ends the iteration.
 */
public interface TokenRun extends Iterator<String> {

    /** Tokens made so far. */
    int tokens();

    /** The odds of the tokens that were read since the last call; empty where nobody asked for them. */
    List<TokenOdds> takeOdds();

    /** Tokens of the prompt that were in memory already; known once a token was read. */
    int cachedTokens();

    /** Why it ended; asked only once {@link #hasNext} was false. */
    FinishReason finishReason();

    /** Gives the slot back within a step; a run that ended is left alone. */
    void cancel();
}
