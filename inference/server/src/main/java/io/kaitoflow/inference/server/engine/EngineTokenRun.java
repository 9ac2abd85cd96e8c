package io.kaitoflow.inference.server.engine;

import io.kaitoflow.inference.sampling.Generation;
import io.kaitoflow.inference.sampling.GenerationException;
import io.kaitoflow.inference.server.chat.ChatFailure;
import io.kaitoflow.inference.server.chat.FinishReason;
import io.kaitoflow.inference.server.chat.TokenRun;
import io.kaitoflow.inference.tokenizer.StreamingDecoder;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;

/** A generation of the engine, as text. */
final class EngineTokenRun implements TokenRun {

    private final Generation generation;
    private final StreamingDecoder decoder;
    private Optional<String> ahead = Optional.empty();
    private volatile int tokens;
    private boolean ended;

    EngineTokenRun(Generation generation, StreamingDecoder decoder) {
        this.generation = generation;
        this.decoder = decoder;
    }

    @Override
    public boolean hasNext() {
        if (ahead.isEmpty() && !ended) {
            OptionalInt token = nextToken();
            ended = token.isEmpty();
            ahead = ended ? Optional.of(decoder.finish()).filter(rest -> !rest.isEmpty()) : Optional.of(text(token));
        }
        return ahead.isPresent();
    }

    @Override
    public String next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the generation has ended");
        }
        String text = ahead.orElseThrow();
        ahead = Optional.empty();
        return text;
    }

    @Override
    public int tokens() {
        return tokens;
    }

    @Override
    public FinishReason finishReason() {
        return switch (generation.finishReason().orElseThrow()) {
            case STOP -> FinishReason.STOP;
            case LENGTH -> FinishReason.LENGTH;
            case CANCELLED -> FinishReason.CANCELLED;
        };
    }

    @Override
    public void cancel() {
        generation.cancel();
    }

    private String text(OptionalInt token) {
        tokens++;
        return decoder.add(token.getAsInt());
    }

    private OptionalInt nextToken() {
        try {
            return generation.next();
        } catch (GenerationException.Failed failed) {
            throw new ChatFailure.GenerationFailed(failed);
        } catch (InterruptedException e) {
            generation.cancel();
            Thread.currentThread().interrupt();
            throw new ChatFailure.GenerationFailed(e);
        }
    }
}
