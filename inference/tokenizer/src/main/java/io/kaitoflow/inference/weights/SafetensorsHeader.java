package io.kaitoflow.inference.weights;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The header of a safetensors file: eight bytes of length, then JSON; the data follow without gaps. */
record SafetensorsHeader(Map<String, String> metadata, List<TensorEntry> tensors) {

    static final String METADATA_KEY = "__metadata__";

    private static final long LONGEST_HEADER_BYTES = 100_000_000;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    static SafetensorsHeader read(MappedFile file) {
        return new Reader(file).read();
    }

    private record Reader(MappedFile file) {

        SafetensorsHeader read() {
            long length = headerLength();
            long dataStart = Long.BYTES + length;
            Map<String, String> metadata = new LinkedHashMap<>();
            List<TensorEntry> tensors = new ArrayList<>();
            for (Map.Entry<String, JsonNode> field : parse(length).properties()) {
                if (field.getKey().equals(METADATA_KEY)) {
                    field.getValue()
                            .properties()
                            .forEach(pair ->
                                    metadata.put(pair.getKey(), pair.getValue().asText()));
                } else {
                    tensors.add(tensor(field.getKey(), field.getValue(), dataStart));
                }
            }
            requireNoGaps(tensors, dataStart);
            return new SafetensorsHeader(metadata, tensors);
        }

        private long headerLength() {
            long length = file.bytes().get(LONG, 0);
            if (length < 2 || length > LONGEST_HEADER_BYTES) {
                throw damaged("its header claims " + Long.toUnsignedString(length) + " bytes");
            }
            if (length > file.size() - Long.BYTES) {
                throw damaged("it is truncated inside its header of " + length + " bytes");
            }
            return length;
        }

        private JsonNode parse(long length) {
            byte[] text = file.bytes().asSlice(Long.BYTES, length).toArray(ValueLayout.JAVA_BYTE);
            try {
                return JSON.readTree(new String(text, StandardCharsets.UTF_8));
            } catch (JsonProcessingException e) {
                throw new WeightFileException.Damaged(
                        "The header of " + file.path() + " is not JSON: " + e.getOriginalMessage()
                                + ". Fetch the file again.",
                        e);
            }
        }

        private TensorEntry tensor(String name, JsonNode node, long dataStart) {
            JsonNode offsets = node.path("data_offsets");
            if (!node.path("dtype").isTextual() || !node.path("shape").isArray() || offsets.size() != 2) {
                throw damaged("the tensor " + name + " lacks dtype, shape or data_offsets");
            }
            ElementType type = type(name, node.path("dtype").asText());
            List<Long> shape = new ArrayList<>();
            node.path("shape").forEach(size -> shape.add(natural(name, size)));
            long begin = natural(name, offsets.path(0));
            long end = natural(name, offsets.path(1));
            requireLength(name, type, shape, end - begin);
            return new TensorEntry(name, type, shape, dataStart + begin, end - begin);
        }

        private ElementType type(String name, String dtype) {
            return ElementType.ofSafetensorsName(dtype)
                    .orElseThrow(() -> new WeightFileException.Unsupported("The tensor " + name + " of " + file.path()
                            + " is stored as " + dtype + ", which is not read here. "
                            + "Use the F32, F16 or BF16 form of the model."));
        }

        private long natural(String name, JsonNode number) {
            if (!number.isIntegralNumber() || !number.canConvertToLong() || number.asLong() < 0) {
                throw damaged("the tensor " + name + " has " + number + " where a natural number belongs");
            }
            return number.asLong();
        }

        private void requireLength(String name, ElementType type, List<Long> shape, long length) {
            try {
                if (type.bytesFor(TensorEntry.elementsOf(shape)) == length) {
                    return;
                }
            } catch (ArithmeticException e) {
                throw damaged("the tensor " + name + " has the impossible shape " + shape);
            }
            throw damaged("the tensor " + name + " of shape " + shape + " and type " + type + " cannot take " + length
                    + " bytes");
        }

        private void requireNoGaps(List<TensorEntry> tensors, long dataStart) {
            long end = dataStart;
            for (TensorEntry entry : tensors.stream()
                    .sorted(Comparator.comparingLong(TensorEntry::offset).thenComparingLong(TensorEntry::length))
                    .toList()) {
                if (entry.offset() != end) {
                    throw damaged("the tensor " + entry.name() + " begins at byte " + entry.offset()
                            + " but the one before it ends at " + end);
                }
                end += entry.length();
            }
            if (end < file.size()) {
                throw damaged((file.size() - end) + " bytes follow the last tensor");
            }
        }

        private WeightFileException damaged(String finding) {
            return new WeightFileException.Damaged(
                    "The safetensors file " + file.path() + " is damaged: " + finding + ". Fetch it again.");
        }
    }
}
