package io.kaitoflow.activities.tuning.nf4;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaitoflow.activities.tuning.TestInputs;
import io.kaitoflow.activities.tuning.nf4.BlockScales.DoubleQuantised;
import io.kaitoflow.inference.model.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Nine matrices of a real model as bitsandbytes quantises them. */
class Nf4ReferenceTest {

    @Test
    void realMatricesGiveTheReferenceBytes() throws IOException {
        try (Checkpoint model = Checkpoint.open(TestInputs.model())) {
            for (Map.Entry<String, JsonNode> tensor : tensors().properties()) {
                check(model, tensor.getKey(), tensor.getValue());
            }
        }
    }

    private static void check(Checkpoint model, String name, JsonNode expected) {
        float[] values = model.read(name + ".weight");
        assertThat(LittleEndian.sha256(values))
                .isEqualTo(expected.get("weight_sha256_le_f32").asText());
        int rows = expected.get("shape").get(0).asInt();
        int columns = expected.get("shape").get(1).asInt();

        Nf4Tensor tensor = Quantised.doubled(values, rows, columns);
        DoubleQuantised scales = (DoubleQuantised) tensor.scales();
        assertThat(LittleEndian.sha256(tensor.packed()))
                .isEqualTo(expected.get("packed_sha256").asText());
        assertThat(bits(scales.offset())).isEqualTo(expected.get("offset_bits").asText());
        assertThat(LittleEndian.sha256(scales.codes()))
                .isEqualTo(expected.get("absmax_codes_sha256").asText());
        JsonNode nested = expected.get("nested_absmax_bits");
        for (int i = 0; i < nested.size(); i++) {
            assertThat(bits(scales.nested()[i])).isEqualTo(nested.get(i).asText());
        }
        assertThat(LittleEndian.sha256(Nf4QuantiserTest.dequantise(tensor)))
                .isEqualTo(expected.get("dequantised_sha256_le_f32").asText());
    }

    /** What is said of the compiled kernel's rounding explains its codes, so that {@link CompiledKernel} may stand for it. */
    @Test
    void theCompiledKernelTakesTheNearestCodeToAGridPoint() throws IOException {
        try (Checkpoint model = Checkpoint.open(TestInputs.model())) {
            for (Map.Entry<String, JsonNode> tensor : tensors().properties()) {
                JsonNode shape = tensor.getValue().get("shape");
                JsonNode kernel = tensor.getValue().get("native_cpu_kernel");
                float[] values = model.read(tensor.getKey() + ".weight");
                var nearest = (DoubleQuantised) Quantised.doubled(
                                values, shape.get(0).asInt(), shape.get(1).asInt())
                        .scales();

                byte[] codes = CompiledKernel.codes(CompiledKernel.largestOfBlocks(values), nearest);

                assertThat(LittleEndian.sha256(codes))
                        .as(tensor.getKey())
                        .isEqualTo(kernel.get("absmax_codes_sha256").asText());
                assertThat(codes).isNotEqualTo(nearest.codes());
            }
        }
    }

    private static String bits(float value) {
        return Integer.toHexString(Float.floatToRawIntBits(value));
    }

    private static JsonNode tensors() throws IOException {
        return new JsonMapper()
                .readTree(Path.of("src/test/resources/qlora/nf4.json").toFile())
                .get("tensors");
    }
}
