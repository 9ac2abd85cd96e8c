package io.kaitoflow.inference.decode.cuda;

import io.kaitoflow.inference.model.BlockVector;
import io.kaitoflow.inference.model.Checkpoint;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.Projection;
import io.kaitoflow.inference.tensor.CudaDevice;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model whose matrices lie in a GPU's memory in bfloat16, whatever they are stored in. Read-only. */
public final class CudaModel implements AutoCloseable {
    /** Heads are whole vectors of the loads in the kernels. */
    private static final int HEAD_STEP = 16;

    /** Threads of a block of attention have two dimensions each. */
    private static final int LARGEST_HEAD = 256;

    /** What the kernels of attention have shared memory for. */
    private static final int MOST_QUERIES_OF_A_KEY = 8;

    /** A thread reads so many inputs of a product at once. */
    private static final int INPUT_STEP = 8;

    private static final Logger LOG = LoggerFactory.getLogger(CudaModel.class);

    private final CudaDevice device;
    private final ModelConfiguration configuration;
    private final CudaWeights weights;
    private final long embedding;
    private final long head;
    private final long finalNorm;
    private final List<Block> blocks;

    /**
     * Addresses of one block's weights.
     *
     * @param matrices bfloat16 (outputs, inputs)
     * @param vectors float32, those of the model's architecture
     */
    record Block(Map<Projection, Long> matrices, Map<BlockVector, Long> vectors) {
        Block {
            matrices = new EnumMap<>(matrices);
            vectors = new EnumMap<>(vectors);
        }

        long matrix(Projection which) {
            return Objects.requireNonNull(matrices.get(which), which.label());
        }

        /** 0 if the architecture has none. */
        long vector(BlockVector which) {
            return vectors.getOrDefault(which, 0L);
        }
    }

    private CudaModel(CudaDevice device, Checkpoint checkpoint, CudaWeights weights) {
        this.device = device;
        this.configuration = checkpoint.configuration();
        this.weights = weights;
        this.embedding = weights.vocabulary(Checkpoint.EMBEDDING);
        this.head = configuration.tiedHead() ? embedding : weights.vocabulary(Checkpoint.HEAD);
        this.finalNorm = weights.vector(checkpoint.norm(Checkpoint.FINAL_NORM));
        this.blocks = IntStream.range(0, configuration.layers())
                .mapToObj(weights::block)
                .toList();
        device.await();
    }

    /**
     * Opens a model, if there are kernels for it and this GPU, and what compiles them.
     *
     * @throws io.kaitoflow.inference.model.ModelException if no part of the engine runs it
     * @throws io.kaitoflow.inference.tensor.TensorException if there is no GPU, or not enough of its memory
     */
    public static Optional<CudaModel> open(Path fileOrFolder) {
        Optional<String> missing = CudaDevice.missing();
        if (missing.isPresent()) {
            LOG.warn("Not by kernels of our own, which are several times as fast: {}", missing.get());
            return Optional.empty();
        }
        try (Checkpoint checkpoint = Checkpoint.open(fileOrFolder)) {
            CudaDevice device = CudaDevice.open();
            CudaWeights weights = new CudaWeights(device, checkpoint);
            try {
                if (device.gpu().multipliesBfloat16() && isKnown(checkpoint.configuration())) {
                    return Optional.of(new CudaModel(device, checkpoint, weights));
                }
                device.close();
                return Optional.empty();
            } catch (RuntimeException | Error e) {
                weights.close();
                device.close();
                throw e;
            }
        }
    }

    private static boolean isKnown(ModelConfiguration model) {
        return model.headSize() % HEAD_STEP == 0
                && model.headSize() <= LARGEST_HEAD
                && model.heads() / model.keyValueHeads() <= MOST_QUERIES_OF_A_KEY
                && model.hiddenSize() % INPUT_STEP == 0
                && model.intermediateSize() % INPUT_STEP == 0;
    }

    public ModelConfiguration configuration() {
        return configuration;
    }

    /** Bytes of the GPU's memory that are left. */
    public long freeBytes() {
        return device.free();
    }

    CudaDevice device() {
        return device;
    }

    /** bfloat16 (vocabulary, hidden) */
    long embedding() {
        return embedding;
    }

    /** bfloat16 (vocabulary, hidden) */
    long head() {
        return head;
    }

    /** float32 (hidden) */
    long finalNorm() {
        return finalNorm;
    }

    List<Block> blocks() {
        return blocks;
    }

    @Override
    public void close() {
        weights.close();
        device.close();
    }
}
