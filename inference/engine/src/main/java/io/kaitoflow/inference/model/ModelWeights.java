package io.kaitoflow.inference.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.Tensors;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A model's weights in memory: matrices in the compute type, rounded from their exact float32 values, norms in float32.
 *
 * @param embedding (vocabulary, D)
 * @param blocks one per layer
 * @param finalNorm float32 (D)
 * @param head (vocabulary, D); the same tensor as the embedding where the model ties them
 */
public record ModelWeights(NDArray embedding, List<BlockWeights> blocks, NDArray finalNorm, NDArray head) {
    /** Elements that are dequantised at a time, so that a large matrix needs no second copy of itself. */
    private static final int ELEMENTS_AT_A_TIME = 1 << 20;

    public ModelWeights {
        blocks = List.copyOf(blocks);
    }

    /** Reads all weights of a model; they belong to {@code owner}. */
    public static ModelWeights load(NDManager owner, Checkpoint checkpoint, ComputeType type) {
        ModelConfiguration model = checkpoint.configuration();
        NDArray embedding = matrix(owner, checkpoint, Checkpoint.EMBEDDING, type, model);
        NDArray head = model.tiedHead() ? embedding : matrix(owner, checkpoint, Checkpoint.HEAD, type, model);
        List<BlockWeights> blocks = IntStream.range(0, model.layers())
                .parallel()
                .mapToObj(layer -> block(owner, checkpoint, layer, type))
                .toList();
        return new ModelWeights(embedding, blocks, norm(owner, checkpoint, Checkpoint.FINAL_NORM, model), head);
    }

    private static NDArray matrix(
            NDManager owner, Checkpoint checkpoint, String name, ComputeType type, ModelConfiguration model) {
        checkpoint.requireShape(name, model.vocabularySize(), model.hiddenSize());
        return Tensors.written(
                owner,
                type,
                new Shape(model.vocabularySize(), model.hiddenSize()),
                memory -> copyRows(checkpoint, name, type, memory, 0));
    }

    private static BlockWeights block(NDManager owner, Checkpoint checkpoint, int layer, ComputeType type) {
        return new BlockWeights(
                fused(owner, checkpoint, layer, Projection.QKV, type),
                fused(owner, checkpoint, layer, Projection.ATTENTION_OUTPUT, type),
                fused(owner, checkpoint, layer, Projection.GATE_UP, type),
                fused(owner, checkpoint, layer, Projection.DOWN, type),
                vectors(owner, checkpoint, layer));
    }

    private static Map<BlockVector, NDArray> vectors(NDManager owner, Checkpoint checkpoint, int layer) {
        ModelConfiguration model = checkpoint.configuration();
        var vectors = new EnumMap<BlockVector, NDArray>(BlockVector.class);
        for (BlockVector vector : model.architecture().vectors()) {
            float[] values = checkpoint.vector(layer, vector);
            vectors.put(vector, Tensors.of(owner, values, new Shape(vector.shape(model))));
        }
        return vectors;
    }

    private static NDArray fused(
            NDManager owner, Checkpoint checkpoint, int layer, Projection projection, ComputeType type) {
        ModelConfiguration model = checkpoint.configuration();
        return Tensors.written(owner, type, new Shape(model.outputs(projection), model.inputs(projection)), memory -> {
            for (LinearPart part : model.linearParts()) {
                if (part.projection() == projection) {
                    String name = Checkpoint.blockTensor(layer, part.name());
                    checkpoint.requireShape(name, part.rows(), part.columns());
                    copyRows(checkpoint, name, type, memory, part.firstRow());
                }
            }
        });
    }

    private static void copyRows(
            Checkpoint checkpoint, String name, ComputeType type, MemorySegment memory, long targetRow) {
        int rows = Math.toIntExact(checkpoint.shape(name).getFirst());
        int columns = Math.toIntExact(checkpoint.shape(name).getLast());
        int rowsAtATime = Math.clamp(ELEMENTS_AT_A_TIME / columns, 1, rows);
        var values = new float[rowsAtATime * columns];
        for (int row = 0; row < rows; row += rowsAtATime) {
            int count = Math.min(rowsAtATime, rows - row);
            checkpoint.readRows(name, row, count, values);
            Tensors.write(memory, type, (targetRow + row) * columns, values, count * columns);
        }
    }

    private static NDArray norm(NDManager owner, Checkpoint checkpoint, String name, ModelConfiguration model) {
        checkpoint.requireShape(name, model.hiddenSize());
        return Tensors.of(owner, checkpoint.norm(name), new Shape(model.hiddenSize()));
    }
}
