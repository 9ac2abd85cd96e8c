package io.kaitoflow.inference.weights;

import io.kaitoflow.inference.weights.MetadataValue.Flag;
import io.kaitoflow.inference.weights.MetadataValue.Items;
import io.kaitoflow.inference.weights.MetadataValue.Real;
import io.kaitoflow.inference.weights.MetadataValue.Text;
import io.kaitoflow.inference.weights.MetadataValue.Whole;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The header of a GGUF file, version 2 or 3, little-endian. */
record GgufHeader(GgufMetadata metadata, List<TensorEntry> tensors) {

    private static final int MAGIC_BYTES = 4;
    private static final int SMALLEST_PAIR_BYTES = 13;
    private static final int SMALLEST_TENSOR_BYTES = 24;
    private static final int MOST_DIMENSIONS = 4;
    private static final int DEEPEST_ARRAY = 4;
    private static final long DEFAULT_ALIGNMENT = 32;

    static GgufHeader read(MappedFile file) {
        return new Reader(file).read();
    }

    /** A tensor as the header lists it, its offset still relative to the data section. */
    private record Listed(String name, ElementType type, List<Long> shape, long relativeOffset) {}

    private static final class Reader {

        private final MappedFile file;
        private final GgufCursor cursor;

        Reader(MappedFile file) {
            this.file = file;
            this.cursor = new GgufCursor(file, MAGIC_BYTES);
        }

        GgufHeader read() {
            requireVersion(cursor.i32());
            int tensorCount = cursor.count(SMALLEST_TENSOR_BYTES, "a tensor list");
            int pairCount = cursor.count(SMALLEST_PAIR_BYTES, "a metadata list");
            GgufMetadata metadata = metadata(pairCount);
            List<Listed> listed = new ArrayList<>();
            for (int i = 0; i < tensorCount; i++) {
                listed.add(tensor());
            }
            long alignment = alignment(metadata);
            long dataStart = Math.ceilDiv(cursor.position(), alignment) * alignment;
            return new GgufHeader(
                    metadata,
                    listed.stream().map(t -> place(t, dataStart, alignment)).toList());
        }

        private void requireVersion(int version) {
            if (version == Integer.reverseBytes(2) || version == Integer.reverseBytes(3)) {
                throw new WeightFileException.Unsupported(
                        "The file " + file.path() + " is big-endian GGUF. Use the little-endian form of the model.");
            }
            if (version != 2 && version != 3) {
                throw new WeightFileException.Unsupported("The file " + file.path() + " is GGUF version "
                        + Integer.toUnsignedString(version) + "; versions 2 and 3 are read. Convert it again.");
            }
        }

        private GgufMetadata metadata(int count) {
            Map<String, MetadataValue> pairs = new LinkedHashMap<>();
            Map<String, MemorySegment> stored = new HashMap<>();
            for (int i = 0; i < count; i++) {
                long start = cursor.position();
                String key = cursor.text();
                if (pairs.put(key, value(cursor.i32(), 0)) != null) {
                    throw damaged("the key " + key + " occurs twice");
                }
                stored.put(key, file.bytes().asSlice(start, cursor.position() - start));
            }
            return new GgufMetadata(file.path(), pairs, stored);
        }

        /** The type numbers are those of the format's own table. */
        private MetadataValue value(int type, int depth) {
            return switch (type) {
                case 0 -> new Whole(Byte.toUnsignedLong(cursor.i8()));
                case 1 -> new Whole(cursor.i8());
                case 2 -> new Whole(Short.toUnsignedLong(cursor.i16()));
                case 3 -> new Whole(cursor.i16());
                case 4 -> new Whole(Integer.toUnsignedLong(cursor.i32()));
                case 5 -> new Whole(cursor.i32());
                case 6 -> new Real(Float.intBitsToFloat(cursor.i32()));
                case 7 -> new Flag(cursor.i8() != 0);
                case 8 -> new Text(cursor.text());
                case 9 -> items(depth);
                case 10, 11 -> new Whole(cursor.i64());
                case 12 -> new Real(Double.longBitsToDouble(cursor.i64()));
                default -> throw damaged("a metadata value has the unknown type " + type);
            };
        }

        private MetadataValue items(int depth) {
            if (depth == DEEPEST_ARRAY) {
                throw damaged("arrays are nested more than " + DEEPEST_ARRAY + " deep");
            }
            int type = cursor.i32();
            int count = cursor.count(1, "an array");
            List<MetadataValue> items = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                items.add(value(type, depth + 1));
            }
            return new Items(items);
        }

        private Listed tensor() {
            String name = cursor.text();
            int dimensions = cursor.i32();
            if (dimensions < 0 || dimensions > MOST_DIMENSIONS) {
                throw damaged("the tensor " + name + " has " + Integer.toUnsignedString(dimensions) + " dimensions");
            }
            List<Long> innermostFirst = new ArrayList<>();
            for (int i = 0; i < dimensions; i++) {
                innermostFirst.add(cursor.i64());
            }
            int code = cursor.i32();
            ElementType type = ElementType.ofGgufCode(code)
                    .orElseThrow(() -> new WeightFileException.Unsupported("The tensor " + name + " of " + file.path()
                            + " is stored as ggml type " + code + ", which is not read here. "
                            + "Use the F32, F16, BF16, Q4_0, Q4_1 or Q8_0 form of the model."));
            return new Listed(name, type, innermostFirst.reversed(), cursor.i64());
        }

        private TensorEntry place(Listed tensor, long dataStart, long alignment) {
            if (tensor.relativeOffset() % alignment != 0) {
                throw damaged("the tensor " + tensor.name() + " is not aligned to " + alignment + " bytes");
            }
            return new TensorEntry(
                    tensor.name(), tensor.type(), tensor.shape(), dataStart + tensor.relativeOffset(), length(tensor));
        }

        private long length(Listed tensor) {
            long row = tensor.shape().isEmpty() ? 1 : tensor.shape().getLast();
            if (tensor.shape().stream().anyMatch(size -> size < 0)
                    || row % tensor.type().blockElements() != 0) {
                throw damaged("the tensor " + tensor.name() + " of type " + tensor.type() + " cannot have the shape "
                        + tensor.shape());
            }
            try {
                return tensor.type().bytesFor(TensorEntry.elementsOf(tensor.shape()));
            } catch (ArithmeticException e) {
                throw damaged("the tensor " + tensor.name() + " has the impossible shape " + tensor.shape());
            }
        }

        private long alignment(GgufMetadata metadata) {
            long alignment = metadata.findWhole("general.alignment").orElse(DEFAULT_ALIGNMENT);
            if (alignment < 8 || Long.bitCount(alignment) != 1) {
                throw damaged("the alignment " + alignment + " is not a power of two of at least 8");
            }
            return alignment;
        }

        private WeightFileException damaged(String finding) {
            return new WeightFileException.Damaged(
                    "The header of " + file.path() + " is damaged: " + finding + ". Fetch the file again.");
        }
    }
}
