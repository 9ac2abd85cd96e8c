package io.kaitoflow.inference.weights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes small GGUF files for tests, sound or with a chosen flaw. */
public final class GgufBytes {

    private static final int ALIGNMENT = 32;

    private final ByteArrayOutputStream pairs = new ByteArrayOutputStream();
    private final ByteArrayOutputStream tensors = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private int version = 3;
    private int pairCount;
    private int tensorCount;

    public GgufBytes version(int newVersion) {
        version = newVersion;
        return this;
    }

    public GgufBytes text(String key, String value) {
        return pair(key, 8, string(value));
    }

    public GgufBytes whole(String key, int value) {
        return pair(key, 4, little(4).putInt(value).array());
    }

    public GgufBytes flag(String key, boolean value) {
        return pair(key, 7, new byte[] {(byte) (value ? 1 : 0)});
    }

    public GgufBytes real(String key, float value) {
        return pair(key, 6, little(4).putFloat(value).array());
    }

    public GgufBytes texts(String key, List<String> values) {
        ByteArrayOutputStream items = new ByteArrayOutputStream();
        items.writeBytes(little(12).putInt(8).putLong(values.size()).array());
        values.forEach(value -> items.writeBytes(string(value)));
        return pair(key, 9, items.toByteArray());
    }

    public GgufBytes wholes(String key, List<Integer> values) {
        ByteBuffer items = little(12 + 4 * values.size()).putInt(5).putLong(values.size());
        values.forEach(items::putInt);
        return pair(key, 9, items.array());
    }

    /** A pair of any type, also one that the format does not know. */
    public GgufBytes pair(String key, int type, byte[] value) {
        pairs.writeBytes(string(key));
        pairs.writeBytes(little(4).putInt(type).array());
        pairs.writeBytes(value);
        pairCount++;
        return this;
    }

    /** @param shape innermost dimension first, as the format has it */
    public GgufBytes tensor(String name, int type, List<Long> shape, byte[] bytes) {
        return tensorAt(name, type, shape, data.size(), bytes);
    }

    public GgufBytes tensorAt(String name, int type, List<Long> shape, long offset, byte[] bytes) {
        tensors.writeBytes(string(name));
        ByteBuffer rest = little(4 + 8 * shape.size() + 12).putInt(shape.size());
        shape.forEach(rest::putLong);
        tensors.writeBytes(rest.putInt(type).putLong(offset).array());
        data.writeBytes(bytes);
        pad(data);
        tensorCount++;
        return this;
    }

    public byte[] toByteArray() {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        file.writeBytes(little(20)
                .putInt(version)
                .putLong(tensorCount)
                .putLong(pairCount)
                .array());
        file.writeBytes(pairs.toByteArray());
        file.writeBytes(tensors.toByteArray());
        pad(file);
        file.writeBytes(data.toByteArray());
        return file.toByteArray();
    }

    private static void pad(ByteArrayOutputStream stream) {
        while (stream.size() % ALIGNMENT != 0) {
            stream.write(0);
        }
    }

    private static byte[] string(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        return little(8 + utf8.length).putLong(utf8.length).put(utf8).array();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
