package io.kaitoflow.inference.sampling;

/** Answers many requests with one model, several at once. Thread-safe. */
public interface TokenGenerator extends AutoCloseable {
    /**
     * Queues a request.
     *
     * @throws GenerationException.QueueFull if too many wait already
     * @throws GenerationException.PromptTooLong if the prompt leaves no room for a reply
     * @throws io.kaitoflow.inference.adapter.UnknownAdapterException if the request names an adapter that is not loaded
     * @throws GenerationException.Closed if the generator is closed or has failed
     */
    Generation submit(GenerationRequest request);

    /**
     * Whether a fault has ended it, such as too little memory: what ran and what waited has failed, nothing is taken any more, and
     * only a fresh process helps.
     */
    boolean hasFailed();

    /** How many requests are computed and how many wait, right now. */
    GeneratorLoad load();

    /** Cancels what is under way, waits until nothing is computed any more, and frees the memory. */
    @Override
    void close();
}
