package io.kaitoflow.inference.sampling;

import io.kaitoflow.inference.adapter.AdapterRegistry;
import io.kaitoflow.inference.model.Decoder;
import io.kaitoflow.inference.model.DecoderState;
import io.kaitoflow.inference.model.SequenceToken;
import io.kaitoflow.inference.sampling.Generation.Ending;
import java.util.Optional;

/** A request that has a place in the batch; only the generator's thread touches it. */
final class ActiveRequest implements AutoCloseable {
    private final QueuedRequest queued;
    private final int slot;
    private final Decoder decoder;
    private final ReplyProgress progress;

    /** A request that waits, with what it holds until it ends. */
    record QueuedRequest(GenerationRequest request, Generation generation, Optional<AdapterRegistry.Lease> adapter)
            implements AutoCloseable {
        void end(Ending ending) {
            close();
            generation.end(ending);
        }

        @Override
        public void close() {
            adapter.ifPresent(AdapterRegistry.Lease::close);
        }
    }

    ActiveRequest(QueuedRequest queued, int slot, Decoder base) {
        this.queued = queued;
        this.slot = slot;
        this.decoder = queued.adapter().map(AdapterRegistry.Lease::decoder).orElse(base);
        this.progress = new ReplyProgress(queued.request(), queued.generation());
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
        return new SequenceToken(slot, progress.lastToken());
    }

    float[] prefill(DecoderState state) {
        state.clear(slot);
        return decoder.prefill(state, slot, queued.request().prompt());
    }

    /**
     * Chooses and delivers a token.
     *
     * @return how the reply has ended by it, if it has
     */
    Optional<Ending> advance(float[] logits, DecoderState state) {
        return progress.advance(logits, state.length(slot) == state.capacity());
    }

    @Override
    public void close() {
        queued.close();
    }
}
