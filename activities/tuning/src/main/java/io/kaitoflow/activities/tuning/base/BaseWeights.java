package io.kaitoflow.activities.tuning.base;

import io.kaitoflow.activities.tuning.nf4.MatrixRows;
import io.kaitoflow.inference.model.BlockVector;
import io.kaitoflow.inference.model.LinearPart;
import io.kaitoflow.inference.model.ModelConfiguration;
import java.util.Optional;

/**
 * Where the float32 values of a base model come from, some rows of a tensor at a time, so that neither a file nor a tensor need
 * be in memory whole. Rows are in the order that PyTorch's own checkpoints have. Safe for many threads.
 */
public interface BaseWeights {

    ModelConfiguration configuration();

    /** A linear module of a block: outputs x inputs. */
    MatrixRows linear(int layer, LinearPart part);

    /** A vector of a block as it is multiplied or added. */
    float[] vector(int layer, BlockVector vector);

    /** The norm before the head as it is multiplied. */
    float[] finalNorm();

    /** Vocabulary x hidden. */
    MatrixRows embedding();

    /** Vocabulary x hidden; empty where the embedding is also the head. */
    Optional<MatrixRows> head();
}
