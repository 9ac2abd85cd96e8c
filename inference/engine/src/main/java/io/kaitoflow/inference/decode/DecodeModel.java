package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.decode.kernel.StoredMatrix;
import io.kaitoflow.inference.model.Checkpoint;
import io.kaitoflow.inference.model.ModelConfiguration;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A model whose matrices are computed in the codes that they are stored in. Read-only; for many threads. */
public final class DecodeModel implements AutoCloseable {
    /** Heads are whole vectors of every width, and whole panels. */
    private static final int HEAD_STEP = 16;

    private final Checkpoint checkpoint;
    private final MatrixShelf shelf;
    private final float[] finalNorm;
    private final StoredMatrix embedding;
    private final Linear head;
    private final List<DecodeBlock> blocks;

    private DecodeModel(Checkpoint checkpoint, MatrixShelf shelf) {
        this.checkpoint = checkpoint;
        this.shelf = shelf;
        this.finalNorm = checkpoint.norm(Checkpoint.FINAL_NORM);
        this.embedding = shelf.embedding();
        this.head = shelf.head();
        this.blocks = shelf.blocks();
    }

    /**
     * Opens a model, if this machine and this package can run it: heads that are whole vectors, matrices of a type that there
     * is a kernel for, and the vector module of the JDK.
     *
     * @param rounded whether the inputs of products may be rounded, which is several times faster where the processor has dot
     *     products: to 16 bits beside quantised matrices, to bfloat16 beside those of bfloat16
     * @throws io.kaitoflow.inference.model.ModelException if no part of the engine runs it
     */
    public static Optional<DecodeModel> open(Path fileOrFolder, boolean rounded) {
        Checkpoint checkpoint = Checkpoint.open(fileOrFolder);
        try {
            Optional<DecodeModel> model = isKnown(checkpoint.configuration())
                    ? MatrixShelf.of(checkpoint, rounded).map(shelf -> new DecodeModel(checkpoint, shelf))
                    : Optional.empty();
            if (model.isEmpty()) {
                checkpoint.close();
            }
            return model;
        } catch (RuntimeException | Error e) {
            checkpoint.close();
            throw e;
        }
    }

    private static boolean isKnown(ModelConfiguration model) {
        return model.headSize() % HEAD_STEP == 0
                && ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    /** Whether inputs of products are rounded. */
    boolean isRounded() {
        return head instanceof PackedLinear;
    }

    public ModelConfiguration configuration() {
        return checkpoint.configuration();
    }

    float[] finalNorm() {
        return finalNorm;
    }

    StoredMatrix embedding() {
        return embedding;
    }

    Linear head() {
        return head;
    }

    List<DecodeBlock> blocks() {
        return blocks;
    }

    @Override
    public void close() {
        shelf.close();
        checkpoint.close();
    }
}
