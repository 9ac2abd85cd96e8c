package io.kaitoflow.inference.export;

import io.kaitoflow.inference.adapter.LoraAdapter;
import io.kaitoflow.inference.adapter.LoraAdapter.AdaptedModule;
import io.kaitoflow.inference.adapter.LoraAdapter.Matrix;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.files.GgufLayout;
import io.kaitoflow.inference.weights.ElementType;
import io.kaitoflow.inference.weights.GgufWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * An adapter as llama.cpp reads it, in float32: A as it is, B with its rows in the order of the matrix that it is added to.
 * llama.cpp scales by alpha / rank; alpha is chosen so that this is the adapter's own scaling, rank-stabilised or not.
 */
record GgufAdapterExport(ModelConfiguration model, LoraAdapter adapter) {

    void write(Path target) {
        List<AdaptedModule> modules = adapter.modules(model);
        int rank = adapter.configuration().rank();
        GgufWriter writer = new GgufWriter()
                .text("general.type", "adapter")
                .text("general.architecture", GgufLayout.architecture(model.architecture()))
                .text("adapter.type", "lora")
                .real("adapter.lora.alpha", (float) (adapter.configuration().scaling() * rank));
        modules.forEach(module -> {
            String name = GgufLayout.storedName(module.tensor());
            add(writer, name + ".lora_a", module.a(), IntUnaryOperator.identity());
            add(writer, name + ".lora_b", module.b(), order(module));
        });
        writer.write(target);
    }

    private IntUnaryOperator order(AdaptedModule module) {
        return GgufLayout.isReordered(model.architecture(), module.tensor())
                ? row -> GgufLayout.publicRow(row, model.headSize())
                : IntUnaryOperator.identity();
    }

    private static void add(GgufWriter writer, String name, Matrix matrix, IntUnaryOperator order) {
        writer.tensor(
                name,
                ElementType.F32,
                List.of((long) matrix.rows(), (long) matrix.columns()),
                scratch -> bytes(matrix, order, scratch));
    }

    private static MemorySegment bytes(Matrix matrix, IntUnaryOperator order, Arena owner) {
        int columns = matrix.columns();
        float[] values = matrix.values();
        MemorySegment bytes = owner.allocate((long) matrix.rows() * columns * Float.BYTES, Float.BYTES);
        var row = new float[columns];
        for (int i = 0; i < matrix.rows(); i++) {
            System.arraycopy(values, order.applyAsInt(i) * columns, row, 0, columns);
            FloatBytes.write(bytes, ElementType.F32, (long) i * columns, row, columns);
        }
        return bytes;
    }
}
