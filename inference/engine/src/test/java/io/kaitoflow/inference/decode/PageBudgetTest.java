package io.kaitoflow.inference.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaitoflow.inference.adapter.AdapterConfiguration;
import io.kaitoflow.inference.adapter.LoraAdapter;
import io.kaitoflow.inference.model.Checkpoint;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.Reference;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PageBudgetTest {
    private final PageBudget budget = new PageBudget(6, OptionalInt.empty());

    @Test
    void aSequenceGetsItsWholeLengthOrNothing() {
        Sequence first = budget.begin(prompt(3), 65, null).orElseThrow();

        assertThat(budget.available()).isEqualTo(1);
        assertThat(budget.begin(prompt(3), 17, null)).isEmpty();
        assertThat(budget.begin(prompt(3), 16, null)).isPresent();
        budget.end(first);
        assertThat(budget.available()).isEqualTo(5);
    }

    @Test
    void fullPagesServeLaterSequencesThatBeginAlike() {
        computed(prompt(40), 40);

        Sequence same = budget.begin(prompt(40), 48, null).orElseThrow();

        assertThat(same.cached()).isEqualTo(32);
        assertThat(same.length()).isEqualTo(32);
        int[] other = prompt(40);
        other[20]++;
        assertThat(budget.begin(other, 48, null).orElseThrow().cached()).isEqualTo(16);
    }

    @Test
    void theLastTokenOfAPromptIsAlwaysComputed() {
        computed(prompt(32), 32);

        assertThat(budget.begin(prompt(32), 40, null).orElseThrow().cached()).isEqualTo(16);
    }

    @Test
    void runningSequencesSharePagesToo() {
        Sequence first = budget.begin(prompt(40), 48, null).orElseThrow();
        IntStream.of(prompt(40)).forEach(first::append);
        budget.publish(first, null);

        Sequence second = budget.begin(prompt(40), 48, null).orElseThrow();

        assertThat(second.cached()).isEqualTo(32);
        assertThat(second.page(20)).isEqualTo(first.page(20));
        budget.end(first);
        assertThat(budget.available()).isEqualTo(3);
        budget.end(second);
        assertThat(budget.available()).isEqualTo(6);
    }

    @Test
    void whatAnAdapterComputedServesOnlyThatAdapter() {
        Adapter adapter = adapter();
        Sequence first = budget.begin(prompt(40), 48, adapter).orElseThrow();
        IntStream.of(prompt(40)).forEach(first::append);
        budget.publish(first, adapter);
        budget.end(first);

        assertThat(budget.begin(prompt(40), 48, null).orElseThrow().cached()).isZero();
        assertThat(budget.begin(prompt(40), 48, adapter).orElseThrow().cached()).isEqualTo(32);
    }

    @Test
    void pagesDoNotKeepAnAdapterThatWasTakenAway() {
        WeakReference<Adapter> gone = computedWithAnAdapter();

        assertThat(budget.available()).isEqualTo(6);
        await().until(() -> {
            System.gc();
            return gone.refersTo(null);
        });
    }

    private WeakReference<Adapter> computedWithAnAdapter() {
        Adapter adapter = adapter();
        Sequence sequence = budget.begin(prompt(40), 48, adapter).orElseThrow();
        IntStream.of(prompt(40)).forEach(sequence::append);
        budget.publish(sequence, adapter);
        budget.end(sequence);
        return new WeakReference<>(adapter);
    }

    @Test
    void pagesThatWaitForReuseMakeRoomForNewSequences() {
        computed(prompt(40), 40);

        Sequence large =
                budget.begin(IntStream.range(100, 110).toArray(), 96, null).orElseThrow();
        budget.end(large);

        assertThat(budget.available()).isEqualTo(6);
        assertThat(budget.begin(prompt(40), 48, null).orElseThrow().cached()).isZero();
    }

    @Test
    void whatMayBeOverwrittenIsNeitherSharedNorTaken() {
        PageBudget turning = new PageBudget(12, OptionalInt.of(40));
        computed(turning, prompt(40), 40);

        Sequence growing = turning.begin(prompt(40), 48, null).orElseThrow();
        assertThat(growing.cached()).isZero();
        IntStream.of(prompt(40)).forEach(growing::append);
        turning.publish(growing, null);
        turning.end(growing);

        assertThat(turning.available()).isEqualTo(12);
        assertThat(turning.begin(prompt(40), 40, null).orElseThrow().cached()).isEqualTo(32);
    }

    @Test
    void longTextsAndShortOnesShareNothing() {
        PageBudget turning = new PageBudget(12, OptionalInt.of(40));
        computed(turning, prompt(40), 40);

        assertThat(turning.begin(prompt(41), 48, null).orElseThrow().cached()).isZero();
        computed(turning, prompt(41), 48);
        assertThat(turning.begin(prompt(41), 48, null).orElseThrow().cached()).isEqualTo(32);
    }

    @Test
    void whatATextComputedAnewServesLaterLongOnes() {
        PageBudget turning = new PageBudget(12, OptionalInt.of(40));
        Sequence grown = turning.begin(prompt(40), 48, null).orElseThrow();
        IntStream.of(prompt(40)).forEach(grown::append);

        grown.growTo(41);

        assertThat(grown.length()).isZero();
        IntStream.of(prompt(41)).forEach(grown::append);
        turning.publish(grown, null);
        turning.end(grown);
        assertThat(turning.available()).isEqualTo(12);
        assertThat(turning.begin(prompt(41), 48, null).orElseThrow().cached()).isEqualTo(32);
        assertThat(turning.begin(prompt(40), 40, null).orElseThrow().cached()).isZero();
    }

    private void computed(int[] prompt, int capacity) {
        computed(budget, prompt, capacity);
    }

    private static void computed(PageBudget budget, int[] prompt, int capacity) {
        Sequence sequence = budget.begin(prompt, capacity, null).orElseThrow();
        IntStream.range(sequence.length(), prompt.length).forEach(i -> sequence.append(prompt[i]));
        budget.publish(sequence, null);
        budget.end(sequence);
    }

    private static int[] prompt(int length) {
        return IntStream.range(0, length).toArray();
    }

    private static Adapter adapter() {
        try (Checkpoint checkpoint = Checkpoint.open(Reference.path("tiny/llama"))) {
            ModelConfiguration model = checkpoint.configuration();
            return Adapter.of(new LoraAdapter(new AdapterConfiguration(1, 1), Map.of()), model, 1);
        }
    }
}
