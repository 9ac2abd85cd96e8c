package io.kaitoflow.inference.sampling;

import io.kaitoflow.inference.model.Decoder;
import io.kaitoflow.inference.model.DecoderState;
import io.kaitoflow.inference.sampling.ActiveRequest.QueuedRequest;
import io.kaitoflow.inference.sampling.Generation.Ending;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The requests that are computed together, by slot of the cache. Only the generator's thread changes it. */
final class Batch implements AutoCloseable {
    private final DecoderState state;
    private final Map<Integer, ActiveRequest> bySlot = new TreeMap<>();
    private volatile int size;

    /** Owns the state. */
    Batch(DecoderState state) {
        this.state = state;
    }

    /** May be asked by any thread. */
    int size() {
        return size;
    }

    boolean isEmpty() {
        return bySlot.isEmpty();
    }

    boolean hasRoom() {
        return bySlot.size() < state.sequences();
    }

    /** Runs the prompt of a request in the first free slot, and delivers its first token. */
    void join(QueuedRequest queued, Decoder base) {
        int slot = IntStream.range(0, state.sequences())
                .filter(free -> !bySlot.containsKey(free))
                .findFirst()
                .orElseThrow();
        var request = new ActiveRequest(queued, slot, base);
        bySlot.put(slot, request);
        size = bySlot.size();
        if (request.generation().isCancelled()) {
            leave(request, Generation.CANCELLED);
            return;
        }
        guarded(List.of(request), () -> new float[][] {request.prefill(state)});
    }

    /**
     * One more token for each request. Those with the same adapter are computed together; of n different adapters each costs
     * a pass of its own.
     */
    void step() {
        Map<Decoder, List<ActiveRequest>> byDecoder = bySlot.values().stream()
                .collect(Collectors.groupingBy(ActiveRequest::decoder, IdentityHashMap::new, Collectors.toList()));
        byDecoder.forEach((decoder, requests) -> guarded(
                requests,
                () -> decoder.decode(
                        state, requests.stream().map(ActiveRequest::nextInput).toList())));
    }

    /** Whatever fails here fails these requests, and must not stop the thread that serves the others, unless none can be served. */
    private void guarded(List<ActiveRequest> requests, Supplier<float[][]> logits) {
        try {
            float[][] rows = logits.get();
            for (int i = 0; i < rows.length; i++) {
                ActiveRequest request = requests.get(i);
                request.advance(rows[i], state).ifPresent(ending -> leave(request, ending));
            }
        } catch (RuntimeException e) {
            if (!state.works()) {
                throw e;
            }
            Ending failed = new Ending.Failed(e);
            requests.stream()
                    .filter(request -> bySlot.get(request.slot()) == request)
                    .toList()
                    .forEach(request -> leave(request, failed));
        }
    }

    private void leave(ActiveRequest request, Ending ending) {
        bySlot.remove(request.slot());
        size = bySlot.size();
        request.close();
        request.generation().end(ending);
    }

    void endAll(Ending ending) {
        List.copyOf(bySlot.values()).forEach(request -> leave(request, ending));
    }

    @Override
    public void close() {
        state.close();
    }
}
