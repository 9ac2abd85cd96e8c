package io.kaitoflow.inference.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kaitoflow.inference.adapter.AdapterConfiguration;
import io.kaitoflow.inference.adapter.LoraAdapter;
import io.kaitoflow.inference.adapter.UnknownAdapterException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every generator promises, on a tiny random llama. */
@Timeout(60)
abstract class TokenGeneratorContract {
    /** Tokens of a sequence. */
    static final int CAPACITY = 96;

    /** A generator with the adapters "first" and "second". */
    abstract TokenGenerator generator(int slots, int queue);

    /** Takes an adapter away. */
    abstract void unload(String adapter);

    /** The adapters that requests may name. */
    abstract Set<String> names();

    static LoraAdapter adapter(long seed) {
        var random = new Random(seed);
        return new LoraAdapter(
                new AdapterConfiguration(2, 1.0),
                Map.of(
                        "model.layers.0.self_attn.v_proj.lora_A.weight", matrix(random, 2, 64),
                        "model.layers.0.self_attn.v_proj.lora_B.weight", matrix(random, 32, 2),
                        "model.layers.2.mlp.down_proj.lora_A.weight", matrix(random, 2, 128),
                        "model.layers.2.mlp.down_proj.lora_B.weight", matrix(random, 64, 2)));
    }

    private static LoraAdapter.Matrix matrix(Random random, int rows, int columns) {
        var values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new LoraAdapter.Matrix(rows, columns, values);
    }

    private static int[] prompt(int seed, int length) {
        return new Random(seed).ints(length, 0, 256).toArray();
    }

    private static GenerationRequest greedy(int[] prompt, int maxNewTokens, Optional<String> adapter) {
        return new GenerationRequest(prompt, maxNewTokens, 0, Set.of(), SamplingParameters.greedy(), adapter);
    }

    static GenerationRequest greedy(int[] prompt, int maxNewTokens) {
        return greedy(prompt, maxNewTokens, Optional.empty());
    }

    private static GenerationRequest bound(int[] prompt, int maxNewTokens, Constraint constraint) {
        return new GenerationRequest(
                prompt,
                maxNewTokens,
                0,
                Set.of(),
                SamplingParameters.greedy(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.of(constraint));
    }

    /** Lets one token of a reply through, and others when it is told to. */
    private static final class Hold implements Constraint, AutoCloseable {
        private final Semaphore tokens = new Semaphore(1);

        void releaseOne() {
            tokens.release();
        }

        void release() {
            tokens.release(CAPACITY);
        }

        @Override
        public void close() {
            release();
        }

        @Override
        public void restrict(float[] logits) {
            tokens.acquireUninterruptibly();
        }

        @Override
        public void accept(int token) {}
    }

    /** Cannot take a reply's second token. */
    private static final class Faulty implements Constraint {
        private int tokens;

        @Override
        public void restrict(float[] logits) {}

        @Override
        public void accept(int token) {
            tokens++;
            if (tokens == 2) {
                throw new IllegalArgumentException("the second token does not fit");
            }
        }
    }

    /** Ends whatever computes it, when it is told to. */
    private static final class Breaking implements Constraint {
        private final Semaphore told = new Semaphore(0);

        @Override
        public void restrict(float[] logits) {
            told.acquireUninterruptibly();
            throw new InternalError("the weights are gone");
        }

        @Override
        public void accept(int token) {}
    }

    @Test
    void repliesInABatchEqualRepliesAlone() throws InterruptedException {
        List<GenerationRequest> requests = IntStream.range(0, 12)
                .mapToObj(i -> greedy(
                        prompt(i, 3 + 5 * i),
                        8 + 3 * (i % 4),
                        i % 3 == 0 ? Optional.empty() : Optional.of(i % 3 == 1 ? "first" : "second")))
                .toList();
        var alone = new ArrayList<int[]>();
        try (TokenGenerator generator = generator(1, 1)) {
            for (GenerationRequest request : requests) {
                alone.add(generator.submit(request).remaining());
            }
        }

        try (TokenGenerator generator = generator(5, 12)) {
            List<Generation> together = requests.stream().map(generator::submit).toList();
            for (int i = 0; i < together.size(); i++) {
                assertThat(together.get(i).remaining()).isEqualTo(alone.get(i));
                assertThat(together.get(i).finishReason()).contains(FinishReason.LENGTH);
            }
        }
    }

    @Test
    void anAdapterChangesTheReplyOfItsRequestOnly() throws InterruptedException {
        try (TokenGenerator generator = generator(3, 3)) {
            Generation base = generator.submit(greedy(prompt(1, 9), 16));
            Generation first = generator.submit(greedy(prompt(1, 9), 16, Optional.of("first")));
            Generation second = generator.submit(greedy(prompt(1, 9), 16, Optional.of("second")));

            int[] plain = base.remaining();
            int[] changed = first.remaining();
            assertThat(changed).isNotEqualTo(plain);
            assertThat(second.remaining()).isNotEqualTo(plain).isNotEqualTo(changed);
        }
    }

    @Test
    void aStopTokenEndsTheReplyAndIsNotPartOfIt() throws InterruptedException {
        try (TokenGenerator generator = generator(1, 1)) {
            int[] whole = generator.submit(greedy(prompt(1, 9), 16)).remaining();
            int stop = whole[5];
            int before = IntStream.range(0, 16)
                    .filter(i -> whole[i] == stop)
                    .findFirst()
                    .orElseThrow();

            Generation stopped = generator.submit(new GenerationRequest(
                    prompt(1, 9), 16, 0, Set.of(stop), SamplingParameters.greedy(), Optional.empty()));

            assertThat(stopped.remaining()).isEqualTo(Arrays.copyOf(whole, before));
            assertThat(stopped.finishReason()).contains(FinishReason.STOP);
        }
    }

    @Test
    void noStopTokenComesBeforeTheLeastLength() throws InterruptedException {
        Set<Integer> all = Set.copyOf(IntStream.range(1, 256).boxed().toList());
        try (TokenGenerator generator = generator(1, 1)) {
            Generation generation = generator.submit(
                    new GenerationRequest(prompt(1, 9), 16, 4, all, SamplingParameters.greedy(), Optional.empty()));

            assertThat(generation.remaining()).startsWith(0, 0, 0, 0);
        }
    }

    @Test
    void theReplyEndsWhereTheCacheIsFull() throws InterruptedException {
        try (TokenGenerator generator = generator(1, 1)) {
            Generation generation = generator.submit(greedy(prompt(1, CAPACITY - 3), 50));

            // The last token needs no place: nothing comes after it.
            assertThat(generation.remaining()).hasSize(4);
            assertThat(generation.finishReason()).contains(FinishReason.LENGTH);
        }
    }

    @Test
    void sameSeedSameReply() throws InterruptedException {
        var sampling = new SamplingParameters(1.5, 50, 0.9, 1.1, 7);
        var request = new GenerationRequest(prompt(1, 9), 20, 0, Set.of(), sampling, Optional.empty());
        try (TokenGenerator generator = generator(2, 2)) {
            Generation one = generator.submit(request);
            Generation two = generator.submit(request);

            assertThat(one.remaining()).isEqualTo(two.remaining());
        }
    }

    @Test
    void aCancelledReplyEndsAndFreesItsPlace() throws InterruptedException {
        var hold = new Hold();
        try (TokenGenerator generator = generator(1, 3)) {
            Generation endless = generator.submit(bound(prompt(1, 3), 90, hold));
            Generation waiting = generator.submit(greedy(prompt(2, 3), 90));
            Generation last = generator.submit(greedy(prompt(3, 3), 2));
            endless.next();
            waiting.cancel();
            endless.cancel();
            hold.release();

            assertThat(last.remaining()).hasSize(2);
            assertThat(endless.remaining()).hasSizeLessThan(90);
            assertThat(waiting.remaining()).isEmpty();
            assertThat(waiting.finishReason()).contains(FinishReason.CANCELLED);
        }
    }

    @Test
    void whoGivesUpWhileItWaitsHoldsNoPlaceInTheQueue() throws InterruptedException {
        try (TokenGenerator generator = generator(1, 2);
                Hold hold = new Hold()) {
            Generation running = generator.submit(bound(prompt(1, 3), 90, hold));
            running.next();
            Generation first = generator.submit(greedy(prompt(2, 3), 2));
            Generation second = generator.submit(greedy(prompt(3, 3), 2));

            first.cancel();
            generator.submit(greedy(prompt(4, 3), 2));
            assertThat(first.remaining()).isEmpty();

            second.cancel();
            hold.releaseOne();
            await().untilAsserted(() -> assertThat(generator.load().queued()).isEqualTo(1));
            assertThat(second.remaining()).isEmpty();
            assertThat(second.finishReason()).contains(FinishReason.CANCELLED);
        }
    }

    @Test
    void closingCancelsWhatIsUnderWayAndWhatWaits() throws InterruptedException {
        var hold = new Hold();
        TokenGenerator generator = generator(1, 1);
        Generation active = generator.submit(bound(prompt(1, 3), 90, hold));
        active.next();
        Generation waiting = generator.submit(greedy(prompt(2, 3), 90));

        Thread closing = Thread.ofPlatform().start(generator::close);
        awaitRefusal(generator);
        hold.release();
        closing.join();

        assertThat(active.remaining()).hasSizeLessThan(90);
        assertThat(active.finishReason()).contains(FinishReason.CANCELLED);
        assertThat(waiting.remaining()).isEmpty();
        assertThat(waiting.finishReason()).contains(FinishReason.CANCELLED);
    }

    /** Waits until the generator, whose queue is full, says that it is closed. */
    private static void awaitRefusal(TokenGenerator generator) {
        await().untilAsserted(() -> assertThatThrownBy(() -> generator.submit(greedy(prompt(3, 3), 1)))
                .isInstanceOf(GenerationException.Closed.class)
                .hasMessage("The generator is closed."));
    }

    @Test
    void whatFailsInOneReplyEndsNoOther() throws InterruptedException {
        var hold = new Hold();
        try (TokenGenerator generator = generator(2, 2)) {
            Generation beside = generator.submit(bound(prompt(1, 3), 20, hold));
            beside.next();
            Generation faulty = generator.submit(bound(prompt(2, 3), 20, new Faulty()));
            hold.release();

            assertThat(faulty.next()).isPresent();
            assertThatThrownBy(faulty::next)
                    .isInstanceOf(GenerationException.Failed.class)
                    .hasMessageContaining("the second token does not fit");
            assertThat(beside.remaining()).hasSize(19);
            assertThat(generator.load().active()).isZero();
        }
    }

    @Test
    void anErrorFailsAllThatRunsAndWaitsAndIsTold() {
        var breaking = new Breaking();
        try (TokenGenerator generator = generator(1, 2)) {
            Generation running = generator.submit(bound(prompt(1, 3), 9, breaking));
            Generation waiting = generator.submit(greedy(prompt(2, 3), 9));
            assertThat(generator.hasFailed()).isFalse();
            breaking.told.release();

            for (Generation generation : List.of(running, waiting)) {
                assertThatThrownBy(generation::remaining)
                        .isInstanceOf(GenerationException.Failed.class)
                        .hasMessageContaining("the weights are gone");
            }
            assertThat(generator.hasFailed()).isTrue();
            assertThatThrownBy(() -> generator.submit(greedy(prompt(3, 3), 1)))
                    .isInstanceOf(GenerationException.Closed.class)
                    .hasMessageContaining("the weights are gone")
                    .hasMessageContaining("Restart");
        }
    }

    @Test
    void refusesWhatItCanNotTake() {
        try (TokenGenerator generator = generator(1, 1)) {
            assertThatThrownBy(() -> generator.submit(greedy(new int[CAPACITY], 1)))
                    .isInstanceOf(GenerationException.PromptTooLong.class)
                    .hasMessageContaining("96");
            assertThatThrownBy(() -> generator.submit(greedy(prompt(1, 3), 1, Optional.of("third"))))
                    .isInstanceOf(UnknownAdapterException.class)
                    .hasMessageContaining("first, second");
            assertThatThrownBy(() -> generator.submit(greedy(new int[] {256}, 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("256");
        }
    }

    @Test
    void aFullQueueIsRefusedAtOnce() {
        try (TokenGenerator generator = generator(1, 1)) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1000; i++) {
                            generator.submit(greedy(prompt(1, 80), 16));
                        }
                    })
                    .isInstanceOf(GenerationException.QueueFull.class)
                    .hasMessageContaining("later");
        }
    }

    @Test
    void anAdapterUnloadedInMidReplyServesItToTheEnd() throws InterruptedException {
        try (TokenGenerator generator = generator(1, 1)) {
            int[] expected = generator
                    .submit(greedy(prompt(1, 3), 60, Optional.of("first")))
                    .remaining();

            Generation generation = generator.submit(greedy(prompt(1, 3), 60, Optional.of("first")));
            unload("first");

            assertThat(names()).containsExactly("second");
            assertThat(generation.remaining()).isEqualTo(expected);
        }
    }

    @Test
    void tellsHowBusyItIs() throws InterruptedException {
        try (TokenGenerator generator = generator(2, 4)) {
            GeneratorLoad load = generator.load();
            assertThat(load).isEqualTo(new GeneratorLoad(0, 0, load.tokens(), load.tokens()));

            Generation generation = generator.submit(greedy(prompt(1, 3), 90));
            generation.next();
            assertThat(generator.load().active()).isLessThanOrEqualTo(1);
            generation.remaining();
        }
    }
}
