package io.kaitoflow.activities.tuning.qlora;

import io.kaitoflow.activities.dataset.tokens.TokenisedRow;
import io.kaitoflow.activities.tuning.base.BaseWeights;
import io.kaitoflow.activities.tuning.nf4.MatrixRows;
import io.kaitoflow.activities.tuning.random.CounterRandom;
import io.kaitoflow.inference.model.Architecture;
import io.kaitoflow.inference.model.BlockVector;
import io.kaitoflow.inference.model.LinearPart;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.RotaryEmbedding;
import io.kaitoflow.workflows.request.CadenceRecipe;
import io.kaitoflow.workflows.request.ComputeType;
import io.kaitoflow.workflows.request.DataRecipe;
import io.kaitoflow.workflows.request.OptimiserRecipe;
import io.kaitoflow.workflows.request.QloraRecipe;
import io.kaitoflow.workflows.request.TrainingRecipe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** A two-block model of random weights, rows for it, and recipes that finish in a moment. */
public final class TinyModel implements BaseWeights {

    private static final int VOCABULARY = 64;

    private final ModelConfiguration configuration = new ModelConfiguration(
            Architecture.LLAMA, VOCABULARY, 32, 48, 2, 4, 2, 128, 1e-5, new RotaryEmbedding(10_000, 8), true);
    private final CounterRandom random = new CounterRandom(7);

    @Override
    public ModelConfiguration configuration() {
        return configuration;
    }

    @Override
    public MatrixRows linear(int layer, LinearPart part) {
        return rows(matrix(part.name().hashCode() + layer, part.rows() * part.columns(), 0.3), part.columns());
    }

    @Override
    public float[] vector(int layer, BlockVector vector) {
        return ones();
    }

    @Override
    public float[] finalNorm() {
        return ones();
    }

    @Override
    public MatrixRows embedding() {
        return rows(matrix(-1, VOCABULARY * configuration.hiddenSize(), 1), configuration.hiddenSize());
    }

    @Override
    public Optional<MatrixRows> head() {
        return Optional.empty();
    }

    /** Rows of a matrix that is in memory. */
    static MatrixRows rows(float[] values, int columns) {
        return (first, count, out) -> System.arraycopy(values, first * columns, out, 0, count * columns);
    }

    private float[] ones() {
        float[] values = new float[configuration.hiddenSize()];
        Arrays.fill(values, 1);
        return values;
    }

    private float[] matrix(long purpose, int length, double size) {
        CounterRandom own = random.forPurpose(purpose);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (size * (2 * own.unit(i) - 1));
        }
        return values;
    }

    /** Rows of several lengths whose second half is scored. */
    public static List<TokenisedRow> rows(int count) {
        CounterRandom own = new CounterRandom(11);
        List<TokenisedRow> rows = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            int length = 6 + row % 5;
            int first = row * 100;
            boolean[] scored = new boolean[length];
            Arrays.fill(scored, length / 2, length, true);
            rows.add(new TokenisedRow(
                    IntStream.range(0, length)
                            .map(i -> (int) (own.unit(first + i) * VOCABULARY))
                            .toArray(),
                    scored));
        }
        return rows;
    }

    /** Two epochs at a high rate, a checkpoint every {@code saveSteps} steps. */
    public static TrainingRecipe recipe(int batch, int accumulation, int saveSteps) {
        OptimiserRecipe usual = OptimiserRecipe.defaults();
        return new TrainingRecipe(
                new QloraRecipe(4, 8, 0, List.of(), false, ComputeType.FP32, true),
                new OptimiserRecipe(
                        2,
                        OptionalInt.empty(),
                        batch,
                        accumulation,
                        1e-2,
                        usual.schedule(),
                        usual.warmup(),
                        usual.adam(),
                        1.0,
                        42),
                DataRecipe.defaults(),
                new CadenceRecipe(1, saveSteps, 0));
    }
}
