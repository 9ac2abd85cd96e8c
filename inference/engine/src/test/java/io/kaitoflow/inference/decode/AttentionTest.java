package io.kaitoflow.inference.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.decode.kernel.PageMemory;
import io.kaitoflow.inference.decode.machine.PanelPages;
import io.kaitoflow.inference.model.DecoderTraits;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.Projection;
import io.kaitoflow.inference.model.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attention against its definition, and the machine code's against the portable one. */
class AttentionTest {
    private static final int TOKENS = 53;
    private static final int THREADS = 2;

    private static final double CAP = 3;

    private ModelConfiguration shape = configuration();
    private final Activations qkv = randomRows();

    @Test
    void roundedAnswersAreCloseToExactOnes() {
        assumeTrue(PanelPages.isPossible(shape.headSize()), "this processor has neither AVX-512 dot products nor AVX2");
        float[] exact = answers(new PortableAttention(shape, PageMemory.of(memory(), false)), TOKENS);
        float[] rounded = answers(panels(), TOKENS);

        for (int i = 0; i < exact.length; i++) {
            assertThat(rounded[i]).isCloseTo(exact[i], within(0.03f));
        }
    }

    @Test
    void anAnswerIsTheSameBitForBitInChunksOfAnySize() {
        assumeTrue(PanelPages.isPossible(shape.headSize()), "this processor has neither AVX-512 dot products nor AVX2");
        float[] atOnce = answers(panels(), TOKENS);

        for (int chunk : new int[] {1, 7, 16, 20}) {
            assertThat(answers(panels(), chunk)).as("chunks of %s", chunk).isEqualTo(atOnce);
        }
    }

    @Test
    void anAnswerIsTheSameBitForBitWhereItsPagesLieApart() {
        assumeTrue(PanelPages.isPossible(shape.headSize()), "this processor has neither AVX-512 dot products nor AVX2");
        PageBudget apart = everyOtherPage();

        assertThat(answers(panels(), TOKENS, apart)).isEqualTo(answers(panels(), TOKENS));
    }

    /** Of twice as many pages as are needed. */
    private static PageBudget everyOtherPage() {
        int pages = PageBudget.pagesFor(TOKENS);
        PageBudget budget = new PageBudget(2 * pages, OptionalInt.empty());
        List<Sequence> single = IntStream.range(0, 2 * pages)
                .mapToObj(_ ->
                        budget.begin(new int[] {1}, PageMemory.TOKENS, null).orElseThrow())
                .toList();
        IntStream.range(0, pages).map(i -> 2 * i + 1).mapToObj(single::get).forEach(budget::end);
        return budget;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 16, 23, 100})
    void windowAndCapAreThoseOfTheDefinition(int window) {
        shape = bounded(window);
        double[] defined = defined(window);

        assertThat(answers(new PortableAttention(shape, PageMemory.of(memory(), false)), TOKENS))
                .satisfies(answers -> assertClose(answers, defined, 1e-5));
        if (PanelPages.isPossible(shape.headSize())) {
            float[] atOnce = answers(panels(), TOKENS);
            assertClose(atOnce, defined, 0.03);
            for (int chunk : new int[] {1, 7, 16, 20}) {
                assertThat(answers(panels(), chunk)).as("chunks of %s", chunk).isEqualTo(atOnce);
            }
        }
    }

    private static void assertClose(float[] actual, double[] expected, double tolerance) {
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).isCloseTo(expected[i], within(tolerance));
        }
    }

    private double[] defined(int window) {
        var all = new double[TOKENS * shape.queryWidth()];
        int size = shape.headSize();
        for (int place = 0; place < all.length; place += size) {
            int position = place / shape.queryWidth();
            int query = qkv.at(position) + place % shape.queryWidth();
            int group = shape.heads() / shape.keyValueHeads();
            int key = shape.queryWidth() + place % shape.queryWidth() / size / group * size;
            double total = 0;
            for (int token = Math.max(0, position + 1 - window); token <= position; token++) {
                double product = 0;
                for (int i = 0; i < size; i++) {
                    product += (double) qkv.values()[query + i] * qkv.values()[qkv.at(token) + key + i];
                }
                double weight =
                        Math.exp(CAP * Math.tanh(product * shape.traits().queryScale() / CAP));
                total += weight;
                for (int i = 0; i < size; i++) {
                    all[place + i] += weight * qkv.values()[qkv.at(token) + key + shape.keyValueWidth() + i];
                }
            }
            for (int i = 0; i < size; i++) {
                all[place + i] /= total;
            }
        }
        return all;
    }

    /** The same with a window, a cap, and a scale of its own. */
    private static ModelConfiguration bounded(int window) {
        ModelConfiguration plain = configuration();
        return new ModelConfiguration(
                plain.architecture(),
                plain.vocabularySize(),
                plain.hiddenSize(),
                plain.intermediateSize(),
                plain.layers(),
                plain.heads(),
                plain.keyValueHeads(),
                plain.maximumPositions(),
                plain.normEpsilon(),
                plain.rotary(),
                plain.tiedHead(),
                new DecoderTraits(
                        DecoderTraits.Activation.SILU,
                        0.7,
                        1,
                        OptionalDouble.of(CAP),
                        OptionalDouble.empty(),
                        Collections.nCopies(
                                plain.layers(), new DecoderTraits.Layer(OptionalInt.of(window), plain.rotary()))));
    }

    private PanelAttention panels() {
        return new PanelAttention(shape, new PanelPages(memory()), THREADS, TOKENS);
    }

    private PageMemory.Shape memory() {
        return new PageMemory.Shape(
                shape.layers(), 2 * PageBudget.pagesFor(TOKENS), shape.keyValueHeads(), shape.headSize());
    }

    private float[] answers(Attention attention, int chunk) {
        return answers(attention, chunk, new PageBudget(PageBudget.pagesFor(TOKENS), OptionalInt.empty()));
    }

    private float[] answers(Attention attention, int chunk, PageBudget pages) {
        try (attention;
                Crew crew = new Crew(THREADS)) {
            Sequence sequence = pages.begin(new int[] {1}, TOKENS, null).orElseThrow();
            var all = new float[TOKENS * shape.queryWidth()];
            for (int first = 0; first < TOKENS; first += chunk) {
                List<StepRow> rows = new ArrayList<>();
                for (int position = first; position < Math.min(TOKENS, first + chunk); position++) {
                    rows.add(new StepRow(sequence, 1, position, true, null));
                }
                Activations some = new Activations(
                        Arrays.copyOfRange(qkv.values(), qkv.at(first), qkv.at(first + rows.size())), qkv.width());
                for (int i = 0; i < rows.size(); i++) {
                    attention.remember(rows.get(i), 1, some, some.at(i));
                }
                Activations out = Activations.of(rows.size(), shape.queryWidth());
                attention.attend(crew, rows, 1, some, out);
                System.arraycopy(out.values(), 0, all, first * shape.queryWidth(), out.values().length);
            }
            return all;
        }
    }

    private Activations randomRows() {
        Activations rows = Activations.of(TOKENS, shape.outputs(Projection.QKV));
        Random random = new Random(3);
        for (int i = 0; i < rows.values().length; i++) {
            rows.values()[i] = (float) random.nextGaussian();
        }
        return rows;
    }

    private static ModelConfiguration configuration() {
        try (DecodeModel model =
                DecodeModel.open(Reference.path("tiny/llama"), false).orElseThrow()) {
            return model.configuration();
        }
    }
}
