package io.kaitoflow.inference.model;

import io.kaitoflow.inference.model.files.GgufConfiguration;
import io.kaitoflow.inference.weights.Dequantiser;
import io.kaitoflow.inference.weights.GgufFile;
import io.kaitoflow.inference.weights.TensorEntry;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A GGUF file of llama.cpp's llama family: other names, and query and key rows in another order. */
final class GgufCheckpoint implements Checkpoint {
    private static final Pattern BLOCK_TENSOR = Pattern.compile("model\\.layers\\.(\\d+)\\.(.+)\\.weight");

    private static final Map<String, String> TOP_NAMES =
            Map.of(EMBEDDING, "token_embd.weight", FINAL_NORM, "output_norm.weight", HEAD, "output.weight");

    private static final Map<String, String> MODULE_NAMES = Map.of(
            "input_layernorm",
            "attn_norm",
            "self_attn.q_proj",
            "attn_q",
            "self_attn.k_proj",
            "attn_k",
            "self_attn.v_proj",
            "attn_v",
            "self_attn.o_proj",
            "attn_output",
            "post_attention_layernorm",
            "ffn_norm",
            "mlp.gate_proj",
            "ffn_gate",
            "mlp.up_proj",
            "ffn_up",
            "mlp.down_proj",
            "ffn_down");

    private final GgufFile file;
    private final ModelConfiguration configuration;

    private GgufCheckpoint(GgufFile file, ModelConfiguration configuration) {
        this.file = file;
        this.configuration = configuration;
    }

    static GgufCheckpoint open(Path path) {
        GgufFile file = GgufFile.open(path);
        try {
            return new GgufCheckpoint(file, GgufConfiguration.read(file));
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public ModelConfiguration configuration() {
        return configuration;
    }

    @Override
    public List<Long> shape(String name) {
        return entry(name).shape();
    }

    @Override
    public void readRows(String name, long firstRow, int rows, float[] out) {
        TensorEntry entry = entry(name);
        MemorySegment bytes = file.bytes(entry);
        int columns = Math.toIntExact(entry.shape().getLast());
        if (!isReordered(name)) {
            Dequantiser.read(bytes, entry.type(), firstRow * columns, out, rows * columns);
            return;
        }
        var row = new float[columns];
        for (int i = 0; i < rows; i++) {
            Dequantiser.read(bytes, entry.type(), storedRow(firstRow + i) * columns, row, columns);
            System.arraycopy(row, 0, out, i * columns, columns);
        }
    }

    @Override
    public Stored stored(String name) {
        TensorEntry entry = entry(name);
        IntUnaryOperator order = isReordered(name) ? this::publicRow : IntUnaryOperator.identity();
        return new Stored(file.bytes(entry), entry.type(), entry.shape(), order);
    }

    private static boolean isReordered(String name) {
        return name.endsWith("q_proj.weight") || name.endsWith("k_proj.weight");
    }

    /** The inverse of {@link #storedRow}. */
    private int publicRow(int row) {
        int size = configuration.headSize();
        int within = row % size;
        return row - within + within % 2 * (size / 2) + within / 2;
    }

    /** llama.cpp turns neighbouring pairs of a head, the public form turns its halves: row (half, j) is stored at (j, half). */
    private long storedRow(long row) {
        int size = configuration.headSize();
        long head = row / size;
        long within = row % size;
        long half = within / (size / 2);
        long j = within % (size / 2);
        return head * size + 2 * j + half;
    }

    private TensorEntry entry(String name) {
        return file.tensor(storedName(name));
    }

    private static String storedName(String name) {
        Matcher block = BLOCK_TENSOR.matcher(name);
        String stored = block.matches() ? MODULE_NAMES.get(block.group(2)) : TOP_NAMES.get(name);
        if (stored == null) {
            throw new ModelException("No tensor " + name + " in a GGUF file of the llama family.");
        }
        return block.matches() ? "blk." + block.group(1) + "." + stored + ".weight" : stored;
    }

    @Override
    public void close() {
        file.close();
    }
}
