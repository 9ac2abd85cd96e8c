package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.decode.kernel.StoredMatrix;
import io.kaitoflow.inference.decode.machine.PackedMatrix;
import io.kaitoflow.inference.decode.machine.PackedMemory;
import io.kaitoflow.inference.model.BlockVector;
import io.kaitoflow.inference.model.Checkpoint;
import io.kaitoflow.inference.model.LinearPart;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.Projection;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The matrices of a checkpoint, packed where that is allowed and possible. */
final class MatrixShelf implements AutoCloseable {
    private final Checkpoint checkpoint;
    private final ModelConfiguration model;
    private final StoredMatrix embedding;
    private final List<StoredMatrix> head;
    private final List<Map<Projection, List<StoredMatrix>>> blocks;
    private final Optional<PackedMemory> packed;

    private MatrixShelf(Checkpoint checkpoint, boolean rounded) {
        this.checkpoint = checkpoint;
        this.model = checkpoint.configuration();
        this.embedding = matrix(Checkpoint.EMBEDDING);
        this.head = List.of(model.tiedHead() ? embedding : matrix(Checkpoint.HEAD));
        this.blocks = IntStream.range(0, model.layers()).mapToObj(this::stored).toList();
        this.packed =
                Optional.of(bytesToPack()).filter(bytes -> rounded && bytes > 0).map(PackedMemory::new);
    }

    /** Nothing if there is no kernel for one of the matrices. */
    static Optional<MatrixShelf> of(Checkpoint checkpoint, boolean rounded) {
        MatrixShelf shelf = new MatrixShelf(checkpoint, rounded);
        boolean computable = shelf.embedding.isComputable()
                && shelf.linears().flatMap(List::stream).allMatch(StoredMatrix::isComputable);
        if (!computable) {
            shelf.close();
        }
        return Optional.of(shelf).filter(_ -> computable);
    }

    private Stream<List<StoredMatrix>> linears() {
        return Stream.concat(Stream.of(head), blocks.stream().map(Map::values).flatMap(Collection::stream));
    }

    private long bytesToPack() {
        return linears()
                .filter(MatrixShelf::isPackable)
                .flatMap(List::stream)
                .mapToLong(matrix -> PackedMemory.roomFor(matrix.bytes().byteSize()))
                .sum();
    }

    private static boolean isPackable(List<StoredMatrix> matrices) {
        return matrices.stream().allMatch(PackedMatrix::isPossible)
                && PackedLinear.isPossible(
                        matrices.stream().map(PackedMatrix::inputsOf).toList());
    }

    private Map<Projection, List<StoredMatrix>> stored(int layer) {
        Map<Projection, List<StoredMatrix>> block = new EnumMap<>(Projection.class);
        for (Projection projection : Projection.values()) {
            block.put(
                    projection,
                    model.linearParts().stream()
                            .filter(part -> part.projection() == projection)
                            .map(part -> matrix(layer, part))
                            .toList());
        }
        return block;
    }

    private StoredMatrix matrix(int layer, LinearPart part) {
        return matrix(Checkpoint.blockTensor(layer, part.name()), part.firstRow(), part.rows(), part.columns());
    }

    /** Of the vocabulary. */
    private StoredMatrix matrix(String name) {
        return matrix(name, 0, model.vocabularySize(), model.hiddenSize());
    }

    private StoredMatrix matrix(String name, int firstRow, int rows, int columns) {
        checkpoint.requireShape(name, rows, columns);
        Checkpoint.Stored tensor = checkpoint.stored(name);
        MemorySegment mapped = tensor.bytes();
        // Without the check for every access that the file is still mapped; the model closes it after the last step.
        MemorySegment bytes = MemorySegment.ofAddress(mapped.address()).reinterpret(mapped.byteSize());
        return new StoredMatrix(
                bytes,
                tensor.type(),
                rows,
                columns,
                row -> firstRow + tensor.rowOrder().applyAsInt(row));
    }

    StoredMatrix embedding() {
        return embedding;
    }

    Linear head() {
        return linear(head);
    }

    List<DecodeBlock> blocks() {
        return IntStream.range(0, blocks.size()).mapToObj(this::block).toList();
    }

    private DecodeBlock block(int layer) {
        Map<Projection, List<StoredMatrix>> stored = blocks.get(layer);
        return new DecodeBlock(
                linear(stored.getOrDefault(Projection.QKV, List.of())),
                linear(stored.getOrDefault(Projection.ATTENTION_OUTPUT, List.of())),
                linear(stored.getOrDefault(Projection.GATE_UP, List.of())),
                linear(stored.getOrDefault(Projection.DOWN, List.of())),
                vectors(layer));
    }

    private Map<BlockVector, float[]> vectors(int layer) {
        Map<BlockVector, float[]> vectors = new EnumMap<>(BlockVector.class);
        model.architecture().vectors().forEach(vector -> vectors.put(vector, checkpoint.vector(layer, vector)));
        return vectors;
    }

    private Linear linear(List<StoredMatrix> matrices) {
        return packed.filter(_ -> isPackable(matrices))
                .<Linear>map(memory -> PackedLinear.of(
                        matrices.stream().map(matrix -> pack(matrix, memory)).toList()))
                .orElseGet(() -> StoredLinear.of(matrices));
    }

    private static PackedMatrix pack(StoredMatrix mapped, PackedMemory memory) {
        PackedMatrix copy = PackedMatrix.of(mapped, memory);
        PackedMemory.letGo(mapped.bytes());
        return copy;
    }

    @Override
    public void close() {
        packed.ifPresent(PackedMemory::close);
    }
}
