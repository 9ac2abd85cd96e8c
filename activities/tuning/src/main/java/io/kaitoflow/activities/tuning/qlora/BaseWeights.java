package io.kaitoflow.activities.tuning.qlora;

import io.kaitoflow.inference.model.BlockVector;
import io.kaitoflow.inference.model.LinearPart;
import io.kaitoflow.inference.model.ModelConfiguration;
import java.util.Optional;

/**
 * Where the float32 values of a base model come from, one tensor at a time, so that a file need not be in memory whole.
 * Row-major, in the order of rows that PyTorch's own checkpoints have.
 */
public interface BaseWeights {

    ModelConfiguration configuration();

    /** A linear module of a block: outputs x inputs. */
    float[] linear(int layer, LinearPart part);

    /** A vector of a block as it is multiplied or added. */
    float[] vector(int layer, BlockVector vector);

    /** The norm before the head as it is multiplied. */
    float[] finalNorm();

    /** Vocabulary x hidden. */
    float[] embedding();

    /** Vocabulary x hidden; empty where the embedding is also the head. */
    Optional<float[]> head();
}
