package io.kaitoflow.inference.decode.cuda;

import io.kaitoflow.inference.decode.kernel.Bfloat16;
import io.kaitoflow.inference.model.BlockVector;
import io.kaitoflow.inference.model.Checkpoint;
import io.kaitoflow.inference.model.LinearPart;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.Projection;
import io.kaitoflow.inference.tensor.CudaDevice;
import io.kaitoflow.inference.tensor.CudaMemory;
import io.kaitoflow.inference.weights.ElementType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Brings the tensors of a checkpoint to a GPU, and owns them there. */
final class CudaWeights implements AutoCloseable {
    /** Of a matrix that is converted on its way. */
    private static final int NUMBERS_AT_A_TIME = 1 << 22;

    private final CudaDevice device;
    private final Checkpoint checkpoint;
    private final ModelConfiguration model;
    private final List<CudaMemory> memories = new ArrayList<>();

    CudaWeights(CudaDevice device, Checkpoint checkpoint) {
        this.device = device;
        this.checkpoint = checkpoint;
        this.model = checkpoint.configuration();
    }

    /** The address of float32 numbers. */
    long vector(float[] values) {
        CudaMemory memory = CudaMemory.of(device, values);
        memories.add(memory);
        return memory.address();
    }

    /** The address of a matrix with a row for each entry of the vocabulary. */
    long vocabulary(String name) {
        CudaMemory memory = allocate(bytes(model.vocabularySize(), model.hiddenSize()));
        write(memory, 0, name, model.vocabularySize(), model.hiddenSize());
        return memory.address();
    }

    CudaModel.Block block(int layer) {
        Map<Projection, Long> matrices = new EnumMap<>(Projection.class);
        for (Projection projection : Projection.values()) {
            matrices.put(projection, matrix(layer, projection));
        }
        Map<BlockVector, Long> vectors = new EnumMap<>(BlockVector.class);
        model.architecture().vectors().forEach(vector -> vectors.put(vector, vector(checkpoint.vector(layer, vector))));
        return new CudaModel.Block(matrices, vectors);
    }

    private long matrix(int layer, Projection projection) {
        CudaMemory memory = allocate(bytes(model.outputs(projection), model.inputs(projection)));
        for (LinearPart part : model.linearParts()) {
            if (part.projection() == projection) {
                long at = bytes(part.firstRow(), part.columns());
                write(memory, at, Checkpoint.blockTensor(layer, part.name()), part.rows(), part.columns());
            }
        }
        return memory.address();
    }

    private void write(CudaMemory memory, long at, String name, int rows, int columns) {
        checkpoint.requireShape(name, rows, columns);
        Checkpoint.Stored stored = checkpoint.stored(name);
        boolean isAsItIs = stored.type() == ElementType.BF16
                && IntStream.range(0, rows).allMatch(row -> stored.rowOrder().applyAsInt(row) == row);
        if (isAsItIs) {
            memory.write(at, stored.bytes());
        } else {
            convert(memory, at, name, rows, columns);
        }
    }

    private void convert(CudaMemory memory, long at, String name, int rows, int columns) {
        int step = Math.clamp(NUMBERS_AT_A_TIME / columns, 1, rows);
        float[] numbers = new float[step * columns];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment rounded = arena.allocate(bytes(step, columns));
            for (int row = 0; row < rows; row += step) {
                int count = Math.min(step, rows - row);
                checkpoint.readRows(name, row, count, numbers);
                Bfloat16.round(numbers, count * columns, rounded);
                memory.write(at + bytes(row, columns), rounded.asSlice(0, bytes(count, columns)));
                device.await();
            }
        }
    }

    private CudaMemory allocate(long bytes) {
        CudaMemory memory = device.allocate(bytes);
        memories.add(memory);
        return memory;
    }

    private static long bytes(int rows, int columns) {
        return (long) Short.BYTES * rows * columns;
    }

    @Override
    public void close() {
        memories.forEach(CudaMemory::close);
        memories.clear();
    }
}
