package io.kaitoflow.inference.model;

import io.kaitoflow.inference.tokenizer.ModelFiles;
import io.kaitoflow.inference.weights.ElementType;
import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * A model as it lies on disk: its configuration and its tensors by their public names, such as
 * {@code model.layers.0.self_attn.q_proj.weight}, whatever the file calls them and however it orders their rows. Memory-mapped;
 * may be read by several threads.
 */
public sealed interface Checkpoint extends AutoCloseable permits GgufCheckpoint, SafetensorsCheckpoint {
    /** The token embedding. */
    String EMBEDDING = "model.embed_tokens.weight";

    /** The norm before the head. */
    String FINAL_NORM = "model.norm.weight";

    /** The output head; absent where {@link ModelConfiguration#tiedHead()}. */
    String HEAD = "lm_head.weight";

    /**
     * Opens a {@code .gguf} file, or a folder with one, or a folder with {@code config.json} and safetensors files.
     *
     * @throws ModelException if the model is of a kind that this engine does not run
     */
    static Checkpoint open(Path fileOrFolder) {
        ModelFiles files = ModelFiles.at(fileOrFolder);
        return files.configuration()
                .<Checkpoint>map(configuration -> SafetensorsCheckpoint.open(configuration, files))
                .orElseGet(() -> GgufCheckpoint.open(files.weightFiles().getFirst()));
    }

    /** The public name of a block's tensor, for example of {@code self_attn.q_proj} in block 3. */
    static String blockTensor(int layer, String module) {
        return "model.layers." + layer + "." + module + ".weight";
    }

    ModelConfiguration configuration();

    /** The public names of all tensors. */
    List<String> names();

    /** The tensor's dimensions, outermost first. */
    List<Long> shape(String name);

    /**
     * Reads whole rows of a matrix, exactly as stored or dequantised, as float32.
     *
     * @param out receives {@code rows} times the row length
     */
    void readRows(String name, long firstRow, int rows, float[] out);

    /** A tensor as it lies in the file, valid until the checkpoint is closed. */
    Stored stored(String name);

    /**
     * A tensor as it lies in the file.
     *
     * @param rowOrder where a stored row belongs in the public order
     */
    record Stored(MemorySegment bytes, ElementType type, List<Long> shape, IntUnaryOperator rowOrder) {}

    /** All elements of a tensor of one or two dimensions as float32, row-major. */
    default float[] read(String name) {
        List<Long> shape = shape(name);
        int columns = Math.toIntExact(shape.getLast());
        int rows = Math.toIntExact(shape.size() == 1 ? 1 : shape.getFirst());
        var values = new float[Math.multiplyExact(rows, columns)];
        readRows(name, 0, rows, values);
        return values;
    }

    /** A block's vector as it is multiplied or added, row-major in {@link BlockVector#shape}. */
    default float[] vector(int layer, BlockVector vector) {
        List<BlockVector.Piece> pieces = vector.pieces(configuration());
        FloatBuffer values = FloatBuffer.allocate(pieces.stream()
                .mapToInt(piece -> piece.length() * piece.times())
                .sum());
        for (BlockVector.Piece piece : pieces) {
            String name = "model.layers." + layer + "." + piece.name();
            requireShape(name, piece.length());
            float[] stored = vector.isNorm() ? norm(name) : read(name);
            for (int i = 0; i < piece.times(); i++) {
                values.put(stored);
            }
        }
        return values.array();
    }

    /** The weights of a norm as they are multiplied, whatever the file leaves out of them. */
    default float[] norm(String name) {
        float[] values = read(name);
        float offset = (float) configuration().architecture().normOffset();
        for (int i = 0; i < values.length; i++) {
            values[i] += offset;
        }
        return values;
    }

    /** @throws ModelException if the tensor has another shape than the configuration calls for */
    default void requireShape(String name, long... expected) {
        List<Long> shape = shape(name);
        if (!shape.equals(Arrays.stream(expected).boxed().toList())) {
            throw new ModelException("The tensor " + name + " has the shape " + shape
                    + " where the configuration calls for " + Arrays.toString(expected)
                    + ". The files do not belong together; fetch the model again.");
        }
    }

    @Override
    void close();
}
