package io.kaitoflow.inference.decode.cuda;

import io.kaitoflow.inference.decode.kernel.PageMemory;
import io.kaitoflow.inference.model.DecoderTraits;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.tensor.CudaDevice;
import io.kaitoflow.inference.tensor.CudaFunction;
import io.kaitoflow.inference.tensor.CudaProgram;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** {@code decoder.cu}, compiled for one model. */
final class CudaKernels implements AutoCloseable {
    private static final String SOURCE = "decoder.cu";

    /** The largest heads of which a block looks with the tensor cores. */
    private static final int LARGEST_OF_TENSOR_CORES = 128;

    /** Rows of such a block: 16 for each of its warps. */
    private static final int ROWS_OF_TENSOR_CORES = 64;

    /** Queries of a block without them, about. */
    private static final int QUERIES_TOGETHER = 8;

    private final CudaProgram program;
    private final int tileRows;
    private final int tileHeads;

    /** @param modules of a matrix, at most */
    CudaKernels(CudaDevice device, ModelConfiguration model, int modules) {
        boolean onTensorCores = model.headSize() <= LARGEST_OF_TENSOR_CORES;
        this.tileRows = onTensorCores ? ROWS_OF_TENSOR_CORES : Math.max(2, QUERIES_TOGETHER / group(model));
        this.tileHeads = onTensorCores ? model.heads() : model.keyValueHeads();
        this.program = device.compile(source(), options(model, tileRows, modules));
    }

    private static int group(ModelConfiguration model) {
        return model.heads() / model.keyValueHeads();
    }

    private static List<String> options(ModelConfiguration model, int tileRows, int modules) {
        DecoderTraits traits = model.traits();
        return List.of(
                define("HIDDEN", model.hiddenSize()),
                define("INTERMEDIATE", model.intermediateSize()),
                define("HEADS", model.heads()),
                define("GROUP", group(model)),
                define("HEAD", model.headSize()),
                define("PAGE", PageMemory.TOKENS),
                define("TILE", tileRows),
                define("MODULES", modules),
                define("GELU", traits.activation() == DecoderTraits.Activation.GELU_TANH ? 1 : 0),
                define("EPSILON", model.normEpsilon()),
                define("QUERY_SCALE", traits.queryScale()),
                define("EMBEDDING_SCALE", traits.embeddingScale()),
                define("ATTENTION_CAP", traits.attentionCap().orElse(0)),
                define("LOGIT_CAP", traits.logitCap().orElse(0)),
                "--std=c++17");
    }

    private static String define(String name, int value) {
        return "-D" + name + "=" + value;
    }

    private static String define(String name, double value) {
        return "-D" + name + "=" + String.format(Locale.ROOT, "%.9ef", value);
    }

    private static String source() {
        try (InputStream text = Objects.requireNonNull(CudaKernels.class.getResourceAsStream(SOURCE), SOURCE)) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Reading " + SOURCE, e);
        }
    }

    /** Rows of one sequence that look at its keys together. */
    int tileRows() {
        return tileRows;
    }

    /** Blocks for all heads of such rows. */
    int tileHeads() {
        return tileHeads;
    }

    CudaFunction function(String name) {
        return program.function(name);
    }

    @Override
    public void close() {
        program.close();
    }
}
