package io.kaitoflow.inference.sampling;

import io.kaitoflow.inference.sampling.Generation.Ending;
import java.util.Optional;

/** A reply while its tokens are chosen, one after the other; used by one thread. */
final class ReplyProgress {
    private final GenerationRequest request;
    private final Generation generation;
    private final Sampler sampler;
    private final TokenHistory history;
    private int produced;
    private int lastToken;

    ReplyProgress(GenerationRequest request, Generation generation) {
        this.request = request;
        this.generation = generation;
        this.sampler = Sampler.of(request.sampling());
        this.history = new TokenHistory(request.prompt());
    }

    Generation generation() {
        return generation;
    }

    /** The token that the reply goes on from. */
    int lastToken() {
        return lastToken;
    }

    /**
     * Chooses and delivers a token. What fails in that is this reply's own fault, and ends no other.
     *
     * @param full whether the sequence has no room for another token
     * @return how the reply has ended by it, if it has
     */
    Optional<Ending> advance(float[] logits, boolean full) {
        try {
            return choose(logits, full).map(Ending.Finished::new);
        } catch (RuntimeException e) { // a grammar's too, whose code is the caller's
            return Optional.of(new Ending.Failed(e));
        }
    }

    private Optional<FinishReason> choose(float[] logits, boolean full) {
        if (generation.isCancelled()) {
            return Optional.of(FinishReason.CANCELLED);
        }
        Optional<OddsRecord> odds = request.odds().isPresent()
                ? Optional.of(new OddsRecord(logits, request.odds().getAsInt()))
                : Optional.empty();
        if (produced < request.minNewTokens()) {
            Logits.forbid(logits, request.stopIds());
        }
        request.constraint().ifPresent(constraint -> constraint.restrict(logits));
        lastToken = sampler.choose(logits, history);
        if (request.stopIds().contains(lastToken)) {
            return Optional.of(FinishReason.STOP);
        }
        request.constraint().ifPresent(constraint -> constraint.accept(lastToken));
        history.add(lastToken);
        produced++;
        generation.deliver(new ChosenToken(lastToken, odds.map(record -> record.of(lastToken))));
        return produced == request.maxNewTokens() || full ? Optional.of(FinishReason.LENGTH) : Optional.empty();
    }
}
