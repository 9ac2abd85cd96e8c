package io.kaitoflow.inference.export;

import io.kaitoflow.inference.adapter.LoraAdapter;
import io.kaitoflow.inference.adapter.LoraAdapter.Matrix;
import io.kaitoflow.inference.model.Checkpoint;
import io.kaitoflow.inference.weights.ElementType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;

/** A model's weights with an adapter's products added, in float32 and a row at a time. */
final class MergedModel {
    private final Checkpoint base;
    private final Map<String, LoraAdapter.AdaptedModule> changed;
    private final double scaling;

    /**
     * @param base not owned
     * @throws io.kaitoflow.inference.model.ModelException if the adapter is of another model, or the weights are not of the shape
     *     that the configuration calls for
     */
    MergedModel(Checkpoint base, LoraAdapter adapter) {
        this.base = base;
        this.scaling = adapter.configuration().scaling();
        this.changed = adapter.modules(base.configuration()).stream()
                .collect(Collectors.toUnmodifiableMap(LoraAdapter.AdaptedModule::tensor, Function.identity()));
        changed.values()
                .forEach(module -> base.requireShape(
                        module.tensor(), module.part().rows(), module.part().columns()));
    }

    boolean changes(String tensor) {
        return changed.containsKey(tensor);
    }

    /** A whole tensor in its public order. */
    MemorySegment bytes(String tensor, ElementType type, Arena owner) {
        return bytes(tensor, type, IntUnaryOperator.identity(), owner);
    }

    /**
     * A whole tensor.
     *
     * @param order the public row that belongs into each row of the result
     */
    MemorySegment bytes(String tensor, ElementType type, IntUnaryOperator order, Arena owner) {
        List<Long> shape = base.shape(tensor);
        int columns = Math.toIntExact(shape.getLast());
        int rows = Math.toIntExact(shape.size() == 1 ? 1 : shape.getFirst());
        MemorySegment bytes = owner.allocate(type.bytesFor((long) rows * columns), Long.BYTES);
        var values = new float[columns];
        for (int row = 0; row < rows; row++) {
            readRow(tensor, order.applyAsInt(row), values);
            FloatBytes.write(bytes, type, (long) row * columns, values, columns);
        }
        return bytes;
    }

    private void readRow(String tensor, int row, float[] values) {
        base.readRows(tensor, row, 1, values);
        LoraAdapter.AdaptedModule module = changed.get(tensor);
        if (module != null) {
            add(module.a(), module.b(), row, values);
        }
    }

    private void add(Matrix a, Matrix b, int row, float[] values) {
        var product = new float[values.length];
        for (int k = 0; k < a.rows(); k++) {
            float factor = b.values()[row * a.rows() + k];
            int from = k * a.columns();
            for (int i = 0; i < product.length; i++) {
                product[i] += factor * a.values()[from + i];
            }
        }
        for (int i = 0; i < product.length; i++) {
            values[i] += (float) (scaling * product[i]);
        }
    }
}
