package io.kaitoflow.inference.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.inference.adapter.AdapterRegistry;
import io.kaitoflow.inference.decode.Adapter;
import io.kaitoflow.inference.decode.AdapterShelf;
import io.kaitoflow.inference.decode.BatchDecoder;
import io.kaitoflow.inference.decode.DecodeModel;
import io.kaitoflow.inference.decode.Forward;
import io.kaitoflow.inference.decode.StepRow;
import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.model.CausalModel;
import io.kaitoflow.inference.model.Reference;
import io.kaitoflow.inference.tensor.ComputeType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StepSchedulerTest extends TokenGeneratorContract {
    private static final DecodeModel MODEL =
            DecodeModel.open(Reference.path("tiny/llama"), false).orElseThrow();

    private AdapterShelf adapters = new AdapterShelf(MODEL.configuration());

    @BeforeEach
    void loadAdapters() {
        adapters = new AdapterShelf(MODEL.configuration());
        adapters.load("first", adapter(1));
        adapters.load("second", adapter(2));
    }

    @AfterAll
    static void closeModel() {
        MODEL.close();
    }

    @Override
    TokenGenerator generator(int slots, int queue) {
        var settings = new BatchDecoder.Settings(slots * CAPACITY, CAPACITY, slots, 128, 2, false);
        return new StepScheduler(MODEL.configuration(), adapters, new BatchDecoder(MODEL, settings), queue);
    }

    @Test
    void aReplyThatOutgrowsAShortTextGoesOnAsOneThatBeganLong() throws InterruptedException {
        int[] prompt = new Random(5).ints(50, 0, 256).toArray();
        Path folder = Reference.path("tiny/phi4mini");
        int[] reply;
        try (DecodeModel model = DecodeModel.open(folder, false).orElseThrow();
                StepScheduler scheduler = scheduler(model)) {
            Generation crossing = scheduler.submit(greedy(prompt, 40));
            Generation beside = scheduler.submit(greedy(Arrays.copyOf(prompt, 7), 60));
            reply = crossing.remaining();
            assertThat(beside.remaining()).hasSize(60);

            for (int done = 15; done < reply.length; done++) {
                int[] text = Arrays.copyOf(prompt, 50 + done);
                System.arraycopy(reply, 0, text, 50, done);
                assertThat(scheduler.submit(greedy(text, 1)).remaining()).containsExactly(reply[done]);
            }
            assertThat(scheduler.load().freeTokens()).isEqualTo(scheduler.load().tokens());
        }
        try (CausalModel torch = CausalModel.load(folder, ComputeType.FLOAT32);
                AdapterRegistry none = new AdapterRegistry(torch);
                Generator generator = new Generator(torch, none, new GeneratorSettings(1, CAPACITY, 1))) {
            assertThat(generator.submit(greedy(prompt, 40)).remaining()).isEqualTo(reply);
        }
    }

    @Test
    void anAdapterThatHasNoRoomFailsTheRequestThatNamesItAlone() throws InterruptedException {
        try (StepScheduler scheduler = scheduler(new FaultyForward(true))) {
            Generation beside = scheduler.submit(greedy(new int[] {1}, 90));

            assertThatThrownBy(scheduler.submit(adapted())::next)
                    .isInstanceOf(GenerationException.Failed.class)
                    .hasMessageContaining("no room for it");
            assertThat(beside.remaining()).hasSize(90);
            assertThat(scheduler.hasFailed()).isFalse();
        }
    }

    @Test
    void aStepThatFailsEndsItsRequestsAndLaterOnesAreAnswered() throws InterruptedException {
        FaultyForward forward = new FaultyForward(true);
        try (StepScheduler scheduler = scheduler(forward)) {
            forward.failing = true;
            assertThatThrownBy(scheduler.submit(greedy(new int[] {1}, 9))::next)
                    .isInstanceOf(GenerationException.Failed.class);
            forward.failing = false;

            assertThat(scheduler.submit(greedy(new int[] {1}, 9)).remaining()).hasSize(9);
            assertThat(scheduler.hasFailed()).isFalse();
        }
    }

    @Test
    void aDeviceThatRefusesEverythingEndsServing() {
        FaultyForward forward = new FaultyForward(false);
        try (StepScheduler scheduler = scheduler(forward)) {
            forward.failing = true;
            Generation waiting = scheduler.submit(greedy(new int[] {1}, 9));

            assertThatThrownBy(waiting::next)
                    .isInstanceOf(GenerationException.Failed.class)
                    .hasMessageContaining("illegal address");
            assertThat(scheduler.hasFailed()).isTrue();
            assertThatThrownBy(() -> scheduler.submit(greedy(new int[] {1}, 9)))
                    .isInstanceOf(GenerationException.Closed.class);
        }
    }

    @Test
    void aDeviceThatRefusesAnAdapterAndAllElseEndsServing() {
        try (StepScheduler scheduler = scheduler(new FaultyForward(false))) {
            assertThatThrownBy(scheduler.submit(adapted())::next).isInstanceOf(GenerationException.Failed.class);
            assertThat(scheduler.hasFailed()).isTrue();
        }
    }

    private static GenerationRequest adapted() {
        return new GenerationRequest(new int[] {1}, 9, 0, Set.of(), SamplingParameters.greedy(), Optional.of("first"));
    }

    private StepScheduler scheduler(Forward forward) {
        var settings = new BatchDecoder.Settings(2 * CAPACITY, CAPACITY, 2, 128, 1, false);
        return new StepScheduler(
                MODEL.configuration(), adapters, new BatchDecoder(forward, MODEL.configuration(), settings), 4);
    }

    /** Computes nothing, has no room for an adapter, and fails when it is told to. */
    private static final class FaultyForward implements Forward {
        private final boolean works;
        private final Activations logits =
                Activations.of(2, MODEL.configuration().vocabularySize());
        private volatile boolean failing;

        FaultyForward(boolean works) {
            this.works = works;
        }

        @Override
        public void bring(Adapter adapter) {
            throw new IllegalStateException("no room for it");
        }

        @Override
        public Activations step(List<StepRow> rows) {
            if (failing) {
                throw new IllegalStateException("an illegal address");
            }
            rows.forEach(row -> row.sequence().append(row.token()));
            return logits;
        }

        @Override
        public boolean works() {
            return works;
        }

        @Override
        public int chunkBesideReplies() {
            return 1;
        }

        @Override
        public void close() {}
    }

    private static StepScheduler scheduler(DecodeModel model) {
        var settings = new BatchDecoder.Settings(4 * CAPACITY, CAPACITY, 4, 16, 2, false);
        return new StepScheduler(
                model.configuration(), new AdapterShelf(model.configuration()), new BatchDecoder(model, settings), 4);
    }

    @Override
    void unload(String adapter) {
        adapters.unload(adapter);
    }

    @Override
    Set<String> names() {
        return adapters.names();
    }
}
