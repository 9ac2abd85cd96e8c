package io.kaitoflow.activities.tuning.base;

import io.kaitoflow.activities.tuning.nf4.MatrixRows;
import io.kaitoflow.inference.model.BlockVector;
import io.kaitoflow.inference.model.Checkpoint;
import io.kaitoflow.inference.model.LinearPart;
import io.kaitoflow.inference.model.ModelConfiguration;
import java.util.Optional;

/**
 * The weights of a model file or folder, read from disk as they are asked for.
 *
 * @param source not owned
 */
public record CheckpointWeights(Checkpoint source) implements BaseWeights {

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
        return source.vector(layer, vector);
    }

    @Override
    public float[] finalNorm() {
        return source.norm(Checkpoint.FINAL_NORM);
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
        return (firstRow, count, out) -> source.readRows(name, firstRow, count, out);
    }
}
