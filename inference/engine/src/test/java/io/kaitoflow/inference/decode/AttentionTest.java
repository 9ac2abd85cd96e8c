package io.kaitoflow.inference.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kaitoflow.inference.decode.kernel.Activations;
import io.kaitoflow.inference.decode.kernel.PageMemory;
import io.kaitoflow.inference.decode.machine.PanelPages;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.Projection;
import io.kaitoflow.inference.model.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The machine code's attention against the portable one. */
class AttentionTest {
    private static final int TOKENS = 53;
    private static final int THREADS = 2;

    private final ModelConfiguration shape = configuration();
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

    private PanelAttention panels() {
        return new PanelAttention(shape, new PanelPages(memory()), THREADS, TOKENS);
    }

    private PageMemory.Shape memory() {
        return new PageMemory.Shape(
                shape.layers(), PageBudget.pagesFor(TOKENS), shape.keyValueHeads(), shape.headSize());
    }

    private float[] answers(Attention attention, int chunk) {
        try (attention;
                Crew crew = new Crew(THREADS)) {
            Sequence sequence = new PageBudget(PageBudget.pagesFor(TOKENS))
                    .begin(new int[] {1}, TOKENS, null)
                    .orElseThrow();
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
