package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.decode.kernel.StoredMatrix;
import io.kaitoflow.inference.model.BlockVector;
import io.kaitoflow.inference.model.Checkpoint;
import io.kaitoflow.inference.model.DecoderTraits;
import io.kaitoflow.inference.model.LinearPart;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.Projection;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** A model whose matrices stay in their mapped file and are computed as they lie there. Read-only; for many threads. */
public final class DecodeModel implements AutoCloseable {
    private static final Set<BlockVector> KNOWN_VECTORS =
            EnumSet.of(BlockVector.ATTENTION_NORM, BlockVector.FEED_FORWARD_NORM);

    private final Checkpoint checkpoint;
    private final ModelConfiguration configuration;
    private final float[] finalNorm;
    private final StoredMatrix embedding;
    private final Fused head;
    private final List<DecodeBlock> blocks;

    private DecodeModel(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
        this.configuration = checkpoint.configuration();
        this.finalNorm = checkpoint.norm(Checkpoint.FINAL_NORM);
        this.embedding = matrix(Checkpoint.EMBEDDING, 0);
        this.head =
                configuration.tiedHead() ? Fused.of(List.of(embedding)) : Fused.of(List.of(matrix(Checkpoint.HEAD, 0)));
        this.blocks =
                IntStream.range(0, configuration.layers()).mapToObj(this::block).toList();
    }

    /**
     * Opens a model, if this machine and this package can run it: decoders of two norms a block without windows, caps or biases, with the vector module of the
     * JDK there.
     *
     * @throws io.kaitoflow.inference.model.ModelException if no part of the engine runs it
     */
    public static Optional<DecodeModel> open(Path fileOrFolder) {
        Checkpoint checkpoint = Checkpoint.open(fileOrFolder);
        try {
            Optional<DecodeModel> model = isKnown(checkpoint.configuration())
                    ? Optional.of(new DecodeModel(checkpoint)).filter(DecodeModel::isComputable)
                    : Optional.empty();
            if (model.isEmpty()) {
                checkpoint.close();
            }
            return model;
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    private static boolean isKnown(ModelConfiguration model) {
        return model.architecture().vectors().equals(KNOWN_VECTORS)
                && model.traits().equals(DecoderTraits.plain(model.layers(), model.rotary()))
                && Rotation.isKnown(model.rotary())
                && ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    private boolean isComputable() {
        return head.isComputable()
                && embedding.isComputable()
                && blocks.stream().allMatch(DecodeBlock::isComputable);
    }

    private DecodeBlock block(int layer) {
        return new DecodeBlock(
                checkpoint.vector(layer, BlockVector.ATTENTION_NORM),
                fused(layer, Projection.QKV),
                fused(layer, Projection.ATTENTION_OUTPUT),
                checkpoint.vector(layer, BlockVector.FEED_FORWARD_NORM),
                fused(layer, Projection.GATE_UP),
                fused(layer, Projection.DOWN));
    }

    private Fused fused(int layer, Projection projection) {
        return Fused.of(configuration.linearParts().stream()
                .filter(part -> part.projection() == projection)
                .map(part -> matrix(layer, part))
                .toList());
    }

    private StoredMatrix matrix(int layer, LinearPart part) {
        return matrix(Checkpoint.blockTensor(layer, part.name()), part.firstRow());
    }

    private StoredMatrix matrix(String name, int firstRow) {
        Checkpoint.Stored tensor = checkpoint.stored(name);
        MemorySegment mapped = tensor.bytes();
        // Without the check for every access that the file is still mapped; this object closes it after the last step.
        MemorySegment bytes = MemorySegment.ofAddress(mapped.address()).reinterpret(mapped.byteSize());
        return new StoredMatrix(
                bytes,
                tensor.type(),
                Math.toIntExact(tensor.shape().getFirst()),
                Math.toIntExact(tensor.shape().getLast()),
                row -> firstRow + tensor.rowOrder().applyAsInt(row));
    }

    public ModelConfiguration configuration() {
        return configuration;
    }

    float[] finalNorm() {
        return finalNorm;
    }

    StoredMatrix embedding() {
        return embedding;
    }

    Fused head() {
        return head;
    }

    List<DecodeBlock> blocks() {
        return blocks;
    }

    @Override
    public void close() {
        checkpoint.close();
    }
}
