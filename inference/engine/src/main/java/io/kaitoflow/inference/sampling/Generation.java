package io.kaitoflow.inference.sampling;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;

/** A reply in the making. One thread reads it; any thread may cancel it. */
public final class Generation {
    /** Of a reply that nobody waits for any more. */
    static final Ending CANCELLED = new Ending.Finished(FinishReason.CANCELLED);

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private volatile boolean cancelled;
    private volatile int cachedTokens;
    private volatile Optional<FinishReason> finished = Optional.empty();

    private sealed interface Event {}

    private record Token(ChosenToken chosen) implements Event {}

    /** How a reply ends. */
    sealed interface Ending extends Event {
        /** Without a fault. */
        record Finished(FinishReason reason) implements Ending {}

        /** By a fault. */
        record Failed(Throwable cause) implements Ending {}
    }

    Generation() {}

    /**
     * Waits for the next token of the reply; empty when the reply has ended.
     *
     * @throws GenerationException.Failed if the engine failed
     */
    public OptionalInt next() throws InterruptedException {
        Optional<ChosenToken> token = nextToken();
        return token.isPresent() ? OptionalInt.of(token.get().id()) : OptionalInt.empty();
    }

    /** As {@link #next}, with the odds that the request asked for. */
    public Optional<ChosenToken> nextToken() throws InterruptedException {
        if (finished.isPresent()) {
            return Optional.empty();
        }
        return switch (events.take()) {
            case Token token -> Optional.of(token.chosen());
            case Ending.Finished end -> {
                finished = Optional.of(end.reason());
                yield Optional.empty();
            }
            case Ending.Failed failure -> {
                events.add(failure);
                throw new GenerationException.Failed(failure.cause());
            }
        };
    }

    /** Waits for the rest of the reply. */
    public int[] remaining() throws InterruptedException {
        IntStream.Builder tokens = IntStream.builder();
        for (OptionalInt token = next(); token.isPresent(); token = next()) {
            tokens.add(token.getAsInt());
        }
        return tokens.build().toArray();
    }

    /** Ends the reply soon; tokens that are ready can still be read. Without effect on one that has ended. */
    public void cancel() {
        cancelled = true;
    }

    /** Why the reply ended; present once {@link #next} has said that it did. */
    public Optional<FinishReason> finishReason() {
        return finished;
    }

    /** Tokens of the prompt that an earlier request had computed; known once a token came. */
    public int cachedTokens() {
        return cachedTokens;
    }

    void began(int cached) {
        cachedTokens = cached;
    }

    boolean isCancelled() {
        return cancelled;
    }

    void deliver(ChosenToken token) {
        events.add(new Token(token));
    }

    void end(Ending ending) {
        events.add(ending);
    }
}
