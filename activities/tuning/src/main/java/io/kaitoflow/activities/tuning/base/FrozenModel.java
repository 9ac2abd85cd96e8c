package io.kaitoflow.activities.tuning.base;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.kaitoflow.activities.tuning.nf4.MatrixRows;
import io.kaitoflow.inference.model.BlockText;
import io.kaitoflow.inference.model.BlockVector;
import io.kaitoflow.inference.model.BlockWeights;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.Projection;
import io.kaitoflow.inference.tensor.ComputeDevice;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.Tensors;
import io.kaitoflow.inference.tensor.TorchEngine;
import io.kaitoflow.inference.tensor.TorchScriptModule;
import io.kaitoflow.inference.training.HeadLoss;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The base model under the adapters, which no step changes. Linear modules are kept in NF4 or in the compute type;
 * embedding and head in the compute type, norms in float32. The source is not needed any more once this is made.
 *
 * <p>Used by one thread at a time: the weights of a block are valid until another block is asked for.
 */
public final class FrozenModel implements AutoCloseable {

    private final NDManager owner;
    private final TorchScriptModule program;
    private final ModelConfiguration configuration;
    private final ComputeDevice device;
    private final ComputeType computeType;
    private final BlockMatrices matrices;
    private final List<Map<BlockVector, NDArray>> vectors = new ArrayList<>();
    private final NDArray embedding;
    private final HeadLoss.Weights head;

    /** In which form the linear modules are kept. */
    public enum Form {
        /** In the compute type. */
        DENSE,
        /** 4-bit NormalFloat. */
        NF4,
        /** 4-bit NormalFloat whose block scales are quantised too. */
        NF4_DOUBLE_QUANTISED
    }

    /** On the processor. */
    public FrozenModel(BaseWeights source, Form form, ComputeType computeType) {
        this(source, form, ComputeDevice.CPU, computeType);
    }

    /** Reads every tensor of the source once. */
    public FrozenModel(BaseWeights source, Form form, ComputeDevice device, ComputeType computeType) {
        this.configuration = source.configuration();
        this.device = device;
        this.computeType = computeType;
        this.matrices = switch (form) {
            case DENSE -> new DenseMatrices(source, device, computeType);
            case NF4 -> quantised(source, false);
            case NF4_DOUBLE_QUANTISED -> quantised(source, true);
        };
        this.owner = TorchEngine.newOwner(device);
        this.program = new TorchScriptModule(BlockText.shared(configuration, computeType));
        for (int layer = 0; layer < configuration.layers(); layer++) {
            vectors.add(vectors(source, layer));
        }
        embedding = table(source.embedding());
        head = new HeadLoss.Weights(
                norm(source.finalNorm()), source.head().map(this::table).orElse(embedding));
    }

    private BlockMatrices quantised(BaseWeights source, boolean twice) {
        boolean byJava = device == ComputeDevice.CPU && computeType != ComputeType.FLOAT16;
        return byJava
                ? new QuantisedMatrices(source, computeType, twice)
                : new ScriptQuantisedMatrices(source, device, computeType, twice);
    }

    private Map<BlockVector, NDArray> vectors(BaseWeights source, int layer) {
        Map<BlockVector, NDArray> made = new EnumMap<>(BlockVector.class);
        for (BlockVector vector : configuration.architecture().vectors()) {
            Shape shape = new Shape(vector.shape(configuration));
            made.put(vector, Tensors.of(owner, source.vector(layer, vector), shape));
        }
        return made;
    }

    private NDArray norm(float[] values) {
        return Tensors.of(owner, values, new Shape(values.length));
    }

    private NDArray table(MatrixRows values) {
        int columns = configuration.hiddenSize();
        return Tensors.written(
                owner,
                computeType,
                new Shape(configuration.vocabularySize(), columns),
                memory -> copy(values, configuration.vocabularySize(), columns, computeType, memory));
    }

    /** Writes a matrix into a tensor's memory in the compute type, some rows at a time. */
    static void copy(MatrixRows values, int rows, int columns, ComputeType type, MemorySegment memory) {
        int rowsAtATime = Math.clamp(MatrixRows.ELEMENTS_AT_A_TIME / columns, 1, rows);
        float[] some = new float[rowsAtATime * columns];
        for (int row = 0; row < rows; row += rowsAtATime) {
            int count = Math.min(rowsAtATime, rows - row);
            values.read(row, count, some);
            Tensors.write(memory, type, (long) row * columns, some, count * columns);
        }
    }

    public ModelConfiguration configuration() {
        return configuration;
    }

    /** Where it lies and computes; its adapters lie there too. */
    public ComputeDevice device() {
        return device;
    }

    /** The type in which matrices are multiplied. */
    public ComputeType computeType() {
        return computeType;
    }

    /** Bytes of the blocks' linear modules in their stored form. */
    public long linearBytes() {
        return matrices.bytes();
    }

    /** The weights of a block; valid until another block is asked for. */
    public BlockWeights block(int layer) {
        return new BlockWeights(
                matrices.of(layer, Projection.QKV),
                matrices.of(layer, Projection.ATTENTION_OUTPUT),
                matrices.of(layer, Projection.GATE_UP),
                matrices.of(layer, Projection.DOWN),
                vectors.get(layer));
    }

    /** The embeddings of the ids (B, T): float32 (B, T, D). */
    public NDArray embed(NDManager resultOwner, NDArray ids) {
        return program.call(resultOwner, "embed", ids, embedding);
    }

    public HeadLoss.Weights head() {
        return head;
    }

    @Override
    public void close() {
        matrices.close();
        program.close();
        owner.close();
    }
}
