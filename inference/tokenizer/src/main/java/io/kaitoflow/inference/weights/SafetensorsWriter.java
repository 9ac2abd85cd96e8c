package io.kaitoflow.inference.weights;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes safetensors files. Equal tensors and metadata give equal bytes, in whatever order they were added. The target
 * appears whole or not at all, and is on the disk when {@link #write} returns.
 */
public final class SafetensorsWriter {

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Wider elements first, so that every tensor is aligned to its element size; readers rely on it. */
    private static final Comparator<Tensor> FILE_ORDER = Comparator.<Tensor>comparingInt(
                    tensor -> -tensor.type().blockBytes())
            .thenComparing(Tensor::name);

    private final TreeMap<String, String> metadata;
    private final TreeMap<String, Tensor> tensors = new TreeMap<>();

    private record Tensor(String name, ElementType type, List<Long> shape, MemorySegment bytes) {}

    /** @param metadata free text that goes under {@code __metadata__} */
    public SafetensorsWriter(Map<String, String> metadata) {
        this.metadata = new TreeMap<>(metadata);
    }

    /**
     * Adds a tensor of any dense type; the bytes are read when the file is written.
     *
     * @param bytes row-major, little-endian
     * @throws IllegalArgumentException if the name is taken or the bytes do not fill the shape
     */
    public SafetensorsWriter add(String name, ElementType type, List<Long> shape, MemorySegment bytes) {
        if (type.isQuantised() || type.bytesFor(TensorEntry.elementsOf(shape)) != bytes.byteSize()) {
            throw new IllegalArgumentException("The tensor " + name + " of type " + type + " and shape " + shape
                    + " cannot be written from " + bytes.byteSize() + " bytes");
        }
        if (name.equals(SafetensorsHeader.METADATA_KEY)
                || tensors.putIfAbsent(name, new Tensor(name, type, List.copyOf(shape), bytes)) != null) {
            throw new IllegalArgumentException("The tensor name " + name + " is taken");
        }
        return this;
    }

    /** Adds a float32 tensor; the values are copied now. */
    public SafetensorsWriter add(String name, List<Long> shape, float[] values) {
        MemorySegment bytes = Arena.ofAuto().allocate((long) values.length * Float.BYTES);
        MemorySegment.copy(values, 0, bytes, FLOAT, 0, values.length);
        return add(name, ElementType.F32, shape, bytes);
    }

    /** Adds a tensor of 64-bit integers; the values are copied now. */
    public SafetensorsWriter add(String name, List<Long> shape, long[] values) {
        MemorySegment bytes = Arena.ofAuto().allocate((long) values.length * Long.BYTES);
        MemorySegment.copy(values, 0, bytes, LONG, 0, values.length);
        return add(name, ElementType.I64, shape, bytes);
    }

    /**
     * Writes the file.
     *
     * @throws WeightFileException.Unwritable if the system refuses; the target is then as before
     */
    public void write(Path target) {
        WholeFile.write(target, this::writeTo);
    }

    private void writeTo(WholeFile file) throws IOException {
        List<Tensor> inOrder = new ArrayList<>(tensors.values());
        inOrder.sort(FILE_ORDER);
        file.add(header(inOrder));
        for (Tensor tensor : inOrder) {
            file.add(tensor.bytes());
        }
    }

    private ByteBuffer header(List<Tensor> inOrder) {
        JsonMapper json = new JsonMapper();
        ObjectNode root = json.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode texts = root.putObject(SafetensorsHeader.METADATA_KEY);
            metadata.forEach(texts::put);
        }
        long offset = 0;
        for (Tensor tensor : inOrder) {
            ObjectNode node = root.putObject(tensor.name());
            node.put("dtype", tensor.type().name());
            tensor.shape().forEach(node.putArray("shape")::add);
            node.putArray("data_offsets")
                    .add(offset)
                    .add(offset + tensor.bytes().byteSize());
            offset += tensor.bytes().byteSize();
        }
        return padded(text(json, root));
    }

    private static byte[] text(JsonMapper json, ObjectNode root) {
        try {
            return json.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of texts and numbers always serialises", e);
        }
    }

    /** The format pads the JSON with spaces so that the data begin at a multiple of eight. */
    private static ByteBuffer padded(byte[] json) {
        int length = Math.ceilDiv(json.length, Long.BYTES) * Long.BYTES;
        ByteBuffer header = ByteBuffer.allocate(Long.BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(length).put(json);
        while (header.hasRemaining()) {
            header.put((byte) ' ');
        }
        return header.flip();
    }
}
