package io.kaitoflow.inference.server.engine;

import io.kaitoflow.inference.sampling.ChosenToken;
import io.kaitoflow.inference.sampling.Generation;
import io.kaitoflow.inference.sampling.GenerationException;
import io.kaitoflow.inference.server.chat.ChatFailure;
import io.kaitoflow.inference.server.chat.FinishReason;
import io.kaitoflow.inference.server.chat.TokenOdds;
import io.kaitoflow.inference.server.chat.TokenRun;
import io.kaitoflow.inference.tokenizer.StreamingDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/** A generation of the engine, as text. */
final class EngineTokenRun implements TokenRun {

    private final Generation generation;
    private final PieceText pieces;
    private final StreamingDecoder decoder;
    private final List<TokenOdds> odds = new ArrayList<>();
    private Optional<String> ahead = Optional.empty();
    private volatile int tokens;
    private boolean ended;
    /** Whether the next token, of those whose odds are told, stands behind others. */
    private boolean inside;

    /** @param goesOn whether it goes on with the text of its prompt, and writes no text of its own */
    EngineTokenRun(Generation generation, PieceText pieces, boolean goesOn) {
        this.generation = generation;
        this.pieces = pieces;
        this.decoder = pieces.decoder(goesOn);
        this.inside = goesOn;
    }

    @Override
    public boolean hasNext() {
        if (ahead.isEmpty() && !ended) {
            Optional<ChosenToken> token = nextToken();
            ended = token.isEmpty();
            ahead = ended
                    ? Optional.of(decoder.finish()).filter(rest -> !rest.isEmpty())
                    : Optional.of(text(token.orElseThrow()));
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

    @Override
    public List<TokenOdds> takeOdds() {
        List<TokenOdds> taken = List.copyOf(odds);
        odds.clear();
        return taken;
    }

    @Override
    public int cachedTokens() {
        return generation.cachedTokens();
    }

    private String text(ChosenToken token) {
        tokens++;
        token.odds().ifPresent(known -> {
            odds.add(named(token.id(), known));
            inside = inside || pieces.shows(token.id());
        });
        return decoder.add(token.id());
    }

    private TokenOdds named(int id, ChosenToken.Odds known) {
        return new TokenOdds(
                candidate(id, known.logProbability()),
                known.likeliest().stream()
                        .map(other -> candidate(other.id(), other.logProbability()))
                        .toList());
    }

    private TokenOdds.Candidate candidate(int id, double logProbability) {
        return new TokenOdds.Candidate(inside ? pieces.inside(id, true) : pieces.first(id, true), logProbability);
    }

    private Optional<ChosenToken> nextToken() {
        try {
            return generation.nextToken();
        } catch (GenerationException.Failed failed) {
            throw new ChatFailure.GenerationFailed(failed);
        } catch (InterruptedException e) {
            generation.cancel();
            Thread.currentThread().interrupt();
            throw new ChatFailure.GenerationFailed(e);
        }
    }
}
