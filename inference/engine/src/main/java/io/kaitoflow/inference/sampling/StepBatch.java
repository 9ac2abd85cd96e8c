package io.kaitoflow.inference.sampling;

import io.kaitoflow.inference.decode.Adapter;
import io.kaitoflow.inference.decode.BatchDecoder;
import io.kaitoflow.inference.decode.Sequence;
import io.kaitoflow.inference.decode.StepRow;
import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.sampling.Generation.Ending;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The requests that are computed together; only the scheduler's thread changes it. */
final class StepBatch {
    /** Logits that take one processor about as long as it takes to call others. */
    private static final long WORTH_SHARING = 1 << 19;

    private final BatchDecoder decoder;
    private final List<Active> active = new ArrayList<>();
    private final float[][] logits;
    private volatile int size;
    private volatile int freeTokens;

    StepBatch(BatchDecoder decoder, int vocabulary) {
        this.decoder = decoder;
        this.logits = new float[decoder.settings().sequences()][vocabulary];
        this.freeTokens = decoder.room();
    }

    /** A request with room of its own. */
    private static final class Active {
        private final ReplyProgress progress;
        private final Sequence sequence;
        private final @Nullable Adapter adapter;
        private final int[] text;
        private int length;

        Active(ReplyProgress progress, int[] prompt, Sequence sequence, @Nullable Adapter adapter) {
            this.progress = progress;
            this.sequence = sequence;
            this.adapter = adapter;
            this.text = Arrays.copyOf(prompt, sequence.capacity());
            this.length = prompt.length;
        }

        /**
         * Chooses the next token.
         *
         * @param row of its logits
         * @param scratch for a copy of them
         */
        Optional<Ending> choose(Activations results, int row, float[] scratch) {
            System.arraycopy(results.values(), results.at(row), scratch, 0, scratch.length);
            return progress.advance(scratch, sequence.length() >= sequence.capacity());
        }

        /** Goes on with the reply's last token. */
        void goOn() {
            text[length] = progress.lastToken();
            length++;
            sequence.growTo(length);
        }

        /** Whether there is only one token to compute; else it is a prompt, or all of a text that now turns otherwise. */
        boolean isReplying() {
            return length - sequence.length() == 1;
        }

        /** The tokens to compute next, at most {@code most}. */
        List<StepRow> next(int most) {
            int done = sequence.length();
            List<StepRow> rows = new ArrayList<>();
            for (int i = done; i < Math.min(length, done + most); i++) {
                rows.add(new StepRow(sequence, text[i], i, i == length - 1, adapter));
            }
            return rows;
        }
    }

    /** May be asked by any thread. */
    int size() {
        return size;
    }

    /** Tokens that could begin; may be asked by any thread. */
    int room() {
        return freeTokens;
    }

    boolean isEmpty() {
        return active.isEmpty();
    }

    /**
     * Takes a request in, if there is room for it. One that cannot be begun at all, since its adapter does not fit on the GPU, fails
     * here and ends no other.
     *
     * @return whether it waits no more
     * @throws RuntimeException if nothing can be computed any more
     */
    boolean joined(StepScheduler.Waiting waiting) {
        if (active.size() == decoder.settings().sequences()) {
            return false;
        }
        try {
            return begun(waiting);
        } catch (RuntimeException e) {
            requireWorking(e);
            waiting.generation().end(new Ending.Failed(e));
            return true;
        }
    }

    private boolean begun(StepScheduler.Waiting waiting) {
        int[] prompt = waiting.request().prompt();
        int capacity = (int) Math.min(
                (long) prompt.length + waiting.request().maxNewTokens(),
                decoder.settings().context());
        Optional<Sequence> sequence = decoder.begin(prompt, capacity, waiting.adapter());
        sequence.ifPresent(room -> {
            waiting.generation().began(room.cached());
            ReplyProgress progress = new ReplyProgress(waiting.request(), waiting.generation());
            active.add(new Active(progress, prompt, room, waiting.adapter()));
            size = active.size();
            freeTokens = decoder.room();
        });
        return sequence.isPresent();
    }

    /** What failed is a matter of a few requests, unless nothing can be computed after it. */
    private void requireWorking(RuntimeException failure) {
        if (!decoder.works()) {
            throw failure;
        }
    }

    /**
     * One more token for each reply, and some of the prompts that are not done.
     *
     * @throws RuntimeException if nothing can be computed any more
     */
    void step() {
        removeCancelled();
        List<StepRow> rows = rows();
        if (rows.isEmpty()) {
            return;
        }
        try {
            deliver(rows, decoder.step(rows));
        } catch (RuntimeException e) { // fails these requests, and must not stop the thread that serves later ones
            requireWorking(e);
            endAll(new Ending.Failed(e));
        }
    }

    private void removeCancelled() {
        for (Active request : List.copyOf(active)) {
            if (request.progress.generation().isCancelled()) {
                leave(request, Generation.CANCELLED);
            }
        }
    }

    private List<StepRow> rows() {
        List<StepRow> rows = new ArrayList<>();
        active.stream().filter(Active::isReplying).forEach(request -> rows.addAll(request.next(1)));
        int room = decoder.settings().rows() - rows.size();
        int chunk = rows.isEmpty() ? room : Math.min(room, decoder.chunkBesideReplies());
        for (Active request : active) {
            if (!request.isReplying() && chunk > 0) {
                List<StepRow> next = request.next(chunk);
                rows.addAll(next);
                chunk -= next.size();
            }
        }
        return rows;
    }

    private void deliver(List<StepRow> rows, Activations results) {
        List<Active> replying = rows.stream()
                .filter(StepRow::wanted)
                .map(row -> requestOf(row.sequence()))
                .toList();
        List<Optional<Ending>> ends = each(replying.size())
                .mapToObj(i -> replying.get(i).choose(results, i, logits[i]))
                .toList();
        for (int i = 0; i < ends.size(); i++) {
            Active request = replying.get(i);
            ends.get(i).ifPresentOrElse(ending -> leave(request, ending), request::goOn);
        }
    }

    /** On all processors where there is much to look through. */
    private IntStream each(int replies) {
        IntStream all = IntStream.range(0, replies);
        return (long) replies * logits[0].length > WORTH_SHARING ? all.parallel() : all;
    }

    private Active requestOf(Sequence sequence) {
        return active.stream()
                .filter(candidate -> candidate.sequence == sequence)
                .findFirst()
                .orElseThrow();
    }

    private void leave(Active request, Ending ending) {
        active.remove(request);
        size = active.size();
        decoder.end(request.sequence);
        freeTokens = decoder.room();
        request.progress.generation().end(ending);
    }

    void endAll(Ending ending) {
        List.copyOf(active).forEach(request -> leave(request, ending));
    }
}
