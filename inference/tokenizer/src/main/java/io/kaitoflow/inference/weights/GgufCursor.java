package io.kaitoflow.inference.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads a GGUF header from front to back, never past the end of the file. */
final class GgufCursor {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MappedFile file;
    private long position;

    GgufCursor(MappedFile file, long position) {
        this.file = file;
        this.position = position;
    }

    long position() {
        return position;
    }

    byte i8() {
        return file.bytes().get(JAVA_BYTE, advance(Byte.BYTES, "a byte"));
    }

    short i16() {
        return file.bytes().get(SHORT, advance(Short.BYTES, "a number"));
    }

    int i32() {
        return file.bytes().get(INT, advance(Integer.BYTES, "a number"));
    }

    long i64() {
        return file.bytes().get(LONG, advance(Long.BYTES, "a number"));
    }

    String text() {
        int length = count(1, "a string");
        byte[] bytes = new byte[length];
        long at = advance(length, "a string");
        file.bytes().asSlice(at, length).asByteBuffer().get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A 64-bit count of things of at least this many bytes each; a count that the file cannot hold is damage. */
    int count(int bytesEach, String what) {
        long count = i64();
        if (count < 0 || count > (file.size() - position) / bytesEach || count > Integer.MAX_VALUE - 8) {
            throw truncated(what + " of length " + Long.toUnsignedString(count));
        }
        return (int) count;
    }

    private long advance(long length, String what) {
        if (length > file.size() - position) {
            throw truncated(what);
        }
        long at = position;
        position += length;
        return at;
    }

    private WeightFileException truncated(String what) {
        return new WeightFileException.Damaged("The file " + file.path() + " is truncated or damaged: its header has "
                + what + " at byte " + position + " that does not fit its " + file.size()
                + " bytes. Fetch it again.");
    }
}
