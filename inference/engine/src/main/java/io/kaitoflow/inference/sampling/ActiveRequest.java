package io.kaitoflow.inference.sampling;

import io.kaitoflow.inference.adapter.AdapterRegistry;
import io.kaitoflow.inference.model.Decoder;
import io.kaitoflow.inference.model.DecoderState;
import io.kaitoflow.inference.model.SequenceToken;
import java.util.BitSet;
import java.util.Optional;

/** A request that has a place in the batch; only the generator's thread touches it. */
final class ActiveRequest implements AutoCloseable {
    private final QueuedRequest queued;
    private final int slot;
    private final Decoder decoder;
    private final Sampler sampler;
    private final BitSet seen = new BitSet();
    private int produced;
    private int lastToken;

    /** A request that waits, with what it holds until it ends. */
    record QueuedRequest(GenerationRequest request, Generation generation, Optional<AdapterRegistry.Lease> adapter)
            implements AutoCloseable {
        @Override
        public void close() {
            adapter.ifPresent(AdapterRegistry.Lease::close);
        }
    }

    ActiveRequest(QueuedRequest queued, int slot, Decoder base) {
        this.queued = queued;
        this.slot = slot;
        this.decoder = queued.adapter().map(AdapterRegistry.Lease::decoder).orElse(base);
        this.sampler = Sampler.of(queued.request().sampling());
        for (int id : queued.request().prompt()) {
            seen.set(id);
        }
    }

    int slot() {
        return slot;
    }

    Decoder decoder() {
        return decoder;
    }

    Generation generation() {
        return queued.generation();
    }

    SequenceToken nextInput() {
        return new SequenceToken(slot, lastToken);
    }

    float[] prefill(DecoderState state) {
        state.clear(slot);
        return decoder.prefill(state, slot, queued.request().prompt());
    }

    /**
     * Chooses and delivers a token.
     *
     * @return why the reply has ended by it, if it has
     */
    Optional<FinishReason> advance(float[] logits, DecoderState state) {
        if (generation().isCancelled()) {
            return Optional.of(FinishReason.CANCELLED);
        }
        GenerationRequest request = queued.request();
        if (produced < request.minNewTokens()) {
            Logits.forbid(logits, request.stopIds());
        }
        lastToken = sampler.choose(logits, seen);
        if (request.stopIds().contains(lastToken)) {
            return Optional.of(FinishReason.STOP);
        }
        seen.set(lastToken);
        produced++;
        generation().deliver(lastToken);
        boolean full = state.length(slot) == state.capacity();
        return produced == request.maxNewTokens() || full ? Optional.of(FinishReason.LENGTH) : Optional.empty();
    }

    @Override
    public void close() {
        queued.close();
    }
}
