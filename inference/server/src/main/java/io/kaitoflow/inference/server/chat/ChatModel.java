package io.kaitoflow.inference.server.chat;

import java.nio.file.Path;
import java.util.List;

/** A loaded model with its adapters: text in, a run of tokens out. Safe for use by many threads. */
public interface ChatModel extends AutoCloseable {

    /** Tokens that prompt and reply may have together. */
    int contextLength();

    /** Whether a prompt becomes a user message. */
    boolean hasChatTemplate();

    /**
     * The conversation in the model's own form, open for the assistant's turn.
     *
     * @throws ChatFailure.BadRequest when there is no template or it refuses these turns
     */
    Prompt chat(List<Turn> turns);

    /** The text as it is. */
    Prompt raw(String text);

    /** The tokens of a text, for counting. */
    int[] tokens(String text);

    /**
     * Queues a generation that ends at the model's own end tokens.
     *
     * @throws ChatFailure.Busy when the queue is full, or nothing is answered any more
     */
    TokenRun start(Prompt prompt, Draw draw);

    /**
     * Makes a PEFT adapter available to {@link #start}, from the next request on also under a name that another has.
     *
     * @param strength multiplies what it adds
     * @throws ChatFailure.BadRequest when it cannot be read or does not fit
     */
    void loadAdapter(String name, Path folder, double strength);

    /** Takes an adapter away from new requests; those under way keep it. */
    void unloadAdapter(String name);

    /** Whether a fault has ended it for good, so that only a fresh process helps. */
    boolean hasFailed();

    /** How busy it is now. */
    ModelLoad load();

    /** Ends what is running and frees the weights. */
    @Override
    void close();
}
