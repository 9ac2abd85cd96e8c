package io.kaitoflow.inference.export;

import io.kaitoflow.inference.adapter.LoraAdapter;
import io.kaitoflow.inference.model.Checkpoint;
import io.kaitoflow.inference.weights.ElementType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        Optional<Change> change = Optional.ofNullable(changed.get(tensor)).map(Change::of);
        for (int row = 0; row < rows; row++) {
            int from = order.applyAsInt(row);
            base.readRows(tensor, from, 1, values);
            change.ifPresent(pair -> pair.addTo(values, from, scaling));
            FloatBytes.write(bytes, type, (long) row * columns, values, columns);
        }
        return bytes;
    }

    /** An adapter's pair for one tensor, while it is being merged. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Change(float[] a, float[] b, int rank) {
        static Change of(LoraAdapter.AdaptedModule module) {
            return new Change(
                    module.a().values(), module.b().values(), module.a().rows());
        }

        void addTo(float[] values, int row, double scaling) {
            var product = new float[values.length];
            for (int k = 0; k < rank; k++) {
                float factor = b[row * rank + k];
                int from = k * product.length;
                for (int i = 0; i < product.length; i++) {
                    product[i] += factor * a[from + i];
                }
            }
            for (int i = 0; i < product.length; i++) {
                values[i] += (float) (scaling * product[i]);
            }
        }
    }
}
