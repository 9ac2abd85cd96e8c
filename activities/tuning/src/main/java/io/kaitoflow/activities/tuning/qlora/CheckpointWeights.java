package io.kaitoflow.activities.tuning.qlora;

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
    public float[] linear(int layer, LinearPart part) {
        String name = Checkpoint.blockTensor(layer, part.name());
        source.requireShape(name, part.rows(), part.columns());
        return source.read(name);
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
    public float[] embedding() {
        return source.read(Checkpoint.EMBEDDING);
    }

    @Override
    public Optional<float[]> head() {
        return configuration().tiedHead() ? Optional.empty() : Optional.of(source.read(Checkpoint.HEAD));
    }
}
