package io.kaitoflow.inference.decode.cuda;

import io.kaitoflow.inference.decode.Adapter;
import io.kaitoflow.inference.model.LinearPart;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.Projection;
import io.kaitoflow.inference.tensor.CudaDevice;
import io.kaitoflow.inference.tensor.CudaMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Adapters on a GPU: brought over when a request first names them, and given up when nobody can name them any more. Used by one
 * thread.
 */
final class CudaAdapters implements AutoCloseable {
    /** Words of a pair as the kernels read it: two addresses, rank, inputs, outputs, first row. */
    private static final int PAIR_WORDS = 6;

    private final CudaDevice device;
    private final ModelConfiguration model;
    private final int modules;
    private final Map<Adapter, Long> addresses = new WeakHashMap<>();
    private final Map<Reference<? extends Adapter>, List<CudaMemory>> memories = new HashMap<>();
    private final ReferenceQueue<Adapter> gone = new ReferenceQueue<>();
    private int widest;

    CudaAdapters(CudaDevice device, ModelConfiguration model) {
        this.device = device;
        this.model = model;
        this.modules = Arrays.stream(Projection.values())
                .mapToInt(this::modulesOf)
                .max()
                .orElseThrow();
    }

    private int modulesOf(Projection projection) {
        return (int) model.linearParts().stream()
                .map(LinearPart::projection)
                .filter(projection::equals)
                .count();
    }

    /** Modules of the projection that has the most. */
    int modules() {
        return modules;
    }

    /** The greatest rank of all that came. */
    int widest() {
        return widest;
    }

    /** Where its table lies, for the kernels; 0 for none. */
    long addressOf(@Nullable Adapter adapter) {
        if (adapter == null) {
            return 0;
        }
        Long known = addresses.get(adapter);
        return known != null ? known : bring(adapter);
    }

    private long bring(Adapter adapter) {
        letGo();
        List<CudaMemory> taken = new ArrayList<>();
        try {
            long address = upload(adapter, taken);
            memories.put(new PhantomReference<>(adapter, gone), taken);
            addresses.put(adapter, address);
            return address;
        } catch (RuntimeException e) {
            taken.forEach(CudaMemory::close);
            throw e;
        }
    }

    /** Where its table lies, for the kernels. */
    private long upload(Adapter adapter, List<CudaMemory> taken) {
        int rank = widest;
        try (Arena arena = Arena.ofConfined()) {
            int pairs = model.layers() * Projection.values().length * modules;
            MemorySegment table = arena.allocate(ValueLayout.JAVA_LONG, (long) pairs * PAIR_WORDS);
            for (int layer = 0; layer < model.layers(); layer++) {
                for (Projection projection : Projection.values()) {
                    int first = table(layer, projection) * modules;
                    for (Adapter.LowRank pair : adapter.pairs(layer, projection)) {
                        write(table, first++, pair, taken);
                        rank = Math.max(rank, pair.rank());
                    }
                }
            }
            long address = copy(table, taken);
            widest = rank;
            return address;
        }
    }

    /** Number of a matrix, as the kernels count them. */
    static int table(int layer, Projection projection) {
        return layer * Projection.values().length + projection.ordinal();
    }

    private void write(MemorySegment table, int index, Adapter.LowRank pair, List<CudaMemory> taken) {
        long[] words = {
            copy(pair.down(), taken),
            copy(pair.up(), taken),
            pair.rank(),
            pair.inputs(),
            pair.outputs(),
            pair.firstRow()
        };
        MemorySegment.copy(words, 0, table, ValueLayout.JAVA_LONG, (long) index * PAIR_WORDS * Long.BYTES, PAIR_WORDS);
    }

    private long copy(MemorySegment numbers, List<CudaMemory> taken) {
        CudaMemory memory = CudaMemory.of(device, numbers);
        taken.add(memory);
        return memory.address();
    }

    private void letGo() {
        Reference<? extends Adapter> reference = gone.poll();
        while (reference != null) {
            Objects.requireNonNull(memories.remove(reference), "each is kept until it is gone")
                    .forEach(CudaMemory::close);
            reference = gone.poll();
        }
    }

    @Override
    public void close() {
        memories.values().forEach(taken -> taken.forEach(CudaMemory::close));
        memories.clear();
        addresses.clear();
    }
}
