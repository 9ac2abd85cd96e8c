package io.kaitoflow.inference.sampling;

import java.util.BitSet;
import java.util.Optional;

/** A reply while its tokens are chosen, one after the other; used by one thread. */
final class ReplyProgress {
    private final GenerationRequest request;
    private final Generation generation;
    private final Sampler sampler;
    private final BitSet seen = new BitSet();
    private int produced;
    private int lastToken;

    ReplyProgress(GenerationRequest request, Generation generation) {
        this.request = request;
        this.generation = generation;
        this.sampler = Sampler.of(request.sampling());
        for (int id : request.prompt()) {
            seen.set(id);
        }
    }

    Generation generation() {
        return generation;
    }

    /** The token that the reply goes on from. */
    int lastToken() {
        return lastToken;
    }

    /**
     * Chooses and delivers a token.
     *
     * @param full whether the sequence has no room for another token
     * @return why the reply has ended by it, if it has
     */
    Optional<FinishReason> advance(float[] logits, boolean full) {
        if (generation.isCancelled()) {
            return Optional.of(FinishReason.CANCELLED);
        }
        if (produced < request.minNewTokens()) {
            Logits.forbid(logits, request.stopIds());
        }
        lastToken = sampler.choose(logits, seen);
        if (request.stopIds().contains(lastToken)) {
            return Optional.of(FinishReason.STOP);
        }
        seen.set(lastToken);
        produced++;
        generation.deliver(lastToken);
        return produced == request.maxNewTokens() || full ? Optional.of(FinishReason.LENGTH) : Optional.empty();
    }
}
