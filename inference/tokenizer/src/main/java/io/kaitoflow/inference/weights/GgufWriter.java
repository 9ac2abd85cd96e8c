package io.kaitoflow.inference.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Writes GGUF files, version 3, keys and tensors in the order in which they were added. A tensor's bytes are asked for when it is
 * their turn, one tensor at a time. The target appears whole or not at all.
 */
public final class GgufWriter {

    private static final byte[] MAGIC = "GGUF".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 3;
    private static final int ALIGNMENT = 32;
    private static final int UINT32 = 4;
    private static final int FLOAT32 = 6;
    private static final int TEXT = 8;

    private final Map<String, byte[]> pairs = new LinkedHashMap<>();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    private record Tensor(String name, ElementType type, List<Long> shape, Function<Arena, MemorySegment> content) {

        long length() {
            return type.bytesFor(TensorEntry.elementsOf(shape));
        }
    }

    public GgufWriter text(String key, String value) {
        byte[] text = text(value);
        return pair(key, concatenated(text(key), little(4).putInt(TEXT).array(), text));
    }

    /** An unsigned integer of 32 bits, which is what llama.cpp takes for numbers of a model. */
    public GgufWriter whole(String key, int value) {
        return pair(
                key,
                concatenated(text(key), little(8).putInt(UINT32).putInt(value).array()));
    }

    /** A float of 32 bits. */
    public GgufWriter real(String key, float value) {
        return pair(
                key,
                concatenated(
                        text(key), little(8).putInt(FLOAT32).putFloat(value).array()));
    }

    /** A key of another file with its value, as it stands there. */
    public GgufWriter copy(GgufMetadata from, String key) {
        return pair(key, from.stored(key).toArray(JAVA_BYTE));
    }

    /**
     * Adds a tensor.
     *
     * @param shape outermost dimension first
     * @param content gives the bytes as the type stores them; what it allocates goes when the tensor is written
     */
    public GgufWriter tensor(String name, ElementType type, List<Long> shape, Function<Arena, MemorySegment> content) {
        type.requireGgufCode();
        if (tensors.putIfAbsent(name, new Tensor(name, type, List.copyOf(shape), content)) != null) {
            throw new IllegalArgumentException("The tensor name " + name + " is taken");
        }
        return this;
    }

    /** @throws WeightFileException.Unwritable if the system refuses; the target is then as before */
    public void write(Path target) {
        WholeFile.write(target, this::writeTo);
    }

    private void writeTo(WholeFile file) throws IOException {
        file.add(ByteBuffer.wrap(MAGIC));
        file.add(little(20)
                .putInt(VERSION)
                .putLong(tensors.size())
                .putLong(pairs.size())
                .flip());
        for (byte[] pair : pairs.values()) {
            file.add(ByteBuffer.wrap(pair));
        }
        long offset = 0;
        for (Tensor tensor : tensors.values()) {
            file.add(ByteBuffer.wrap(listed(tensor, offset)));
            offset = Math.ceilDiv(offset + tensor.length(), ALIGNMENT) * ALIGNMENT;
        }
        for (Tensor tensor : tensors.values()) {
            file.pad(ALIGNMENT);
            writeContent(file, tensor);
        }
        file.pad(ALIGNMENT);
    }

    private static void writeContent(WholeFile file, Tensor tensor) throws IOException {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment bytes = tensor.content().apply(scratch);
            if (bytes.byteSize() != tensor.length()) {
                throw new IllegalArgumentException("The tensor " + tensor.name() + " of type " + tensor.type()
                        + " and shape " + tensor.shape() + " cannot be written from " + bytes.byteSize() + " bytes");
            }
            file.add(bytes);
        }
    }

    private static byte[] listed(Tensor tensor, long offset) {
        List<Long> innermostFirst = tensor.shape().reversed();
        ByteBuffer rest = little(4 + Long.BYTES * innermostFirst.size() + 12).putInt(innermostFirst.size());
        innermostFirst.forEach(rest::putLong);
        rest.putInt(tensor.type().requireGgufCode()).putLong(offset);
        return concatenated(text(tensor.name()), rest.array());
    }

    private GgufWriter pair(String key, byte[] bytes) {
        if (pairs.putIfAbsent(key, bytes) != null) {
            throw new IllegalArgumentException("The key " + key + " is taken");
        }
        return this;
    }

    private static byte[] text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return concatenated(little(Long.BYTES).putLong(bytes.length).array(), bytes);
    }

    private static byte[] concatenated(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer all = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
