package io.kaitoflow.activities.tuning.base;

import io.kaitoflow.activities.tuning.nf4.MatrixRows;
import io.kaitoflow.inference.model.BlockVector;
import io.kaitoflow.inference.model.Checkpoint;
import io.kaitoflow.inference.model.LinearPart;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.ModelException;
import java.util.Optional;

/**
 * The weights of a model file or folder, read from disk as they are asked for.
 *
 * @param source not owned
 */
public record CheckpointWeights(Checkpoint source) implements BaseWeights {

    private static final int INFINITY = 0x7f800000;

    @Override
    public ModelConfiguration configuration() {
        return source.configuration();
    }

    @Override
    public MatrixRows linear(int layer, LinearPart part) {
        return rows(Checkpoint.blockTensor(layer, part.name()), part.rows(), part.columns());
    }

    @Override
    public float[] vector(int layer, BlockVector vector) {
        String tensors = String.join(" or ", vector.tensors(configuration(), layer));
        return finite("The tensor " + tensors, source.vector(layer, vector));
    }

    @Override
    public float[] finalNorm() {
        source.requireShape(Checkpoint.FINAL_NORM, configuration().hiddenSize());
        return finite("The tensor " + Checkpoint.FINAL_NORM, source.norm(Checkpoint.FINAL_NORM));
    }

    @Override
    public MatrixRows embedding() {
        return vocabulary(Checkpoint.EMBEDDING);
    }

    @Override
    public Optional<MatrixRows> head() {
        return configuration().tiedHead() ? Optional.empty() : Optional.of(vocabulary(Checkpoint.HEAD));
    }

    private MatrixRows vocabulary(String name) {
        return rows(name, configuration().vocabularySize(), configuration().hiddenSize());
    }

    private MatrixRows rows(String name, int rows, int columns) {
        source.requireShape(name, rows, columns);
        return (firstRow, count, out) -> {
            source.readRows(name, firstRow, count, out);
            // Nothing is read twice, and the pages of the file that were looked at count as this process's memory.
            source.stored(name).bytes().unload();
            if (!isFinite(out, count * columns)) {
                throw notFinite("The tensor " + name + " in rows " + firstRow + " to " + (firstRow + count - 1));
            }
        };
    }

    private static float[] finite(String what, float[] values) {
        if (!isFinite(values, values.length)) {
            throw notFinite(what);
        }
        return values;
    }

    /** The largest magnitude by its bits: without branches the loop costs nothing beside reading. */
    private static boolean isFinite(float[] values, int length) {
        int largest = 0;
        for (int i = 0; i < length; i++) {
            largest = Math.max(largest, Float.floatToRawIntBits(values[i]) & Integer.MAX_VALUE);
        }
        return largest < INFINITY;
    }

    private static ModelException notFinite(String what) {
        return new ModelException(what + " of the base model holds values that are no finite numbers, so nothing can be"
                + " trained on it. Fetch the model again, or use another one.");
    }
}
