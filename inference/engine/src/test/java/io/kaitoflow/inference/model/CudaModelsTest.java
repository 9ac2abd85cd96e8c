package io.kaitoflow.inference.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaitoflow.inference.tensor.ComputeDevice;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.CudaAtHand;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random models of every architecture on a GPU against the answers of the reference program. */
class CudaModelsTest {

    @BeforeAll
    static void needsAGpu() {
        CudaAtHand.require();
    }

    static List<String> models() {
        return TinyModelsTest.models();
    }

    @ParameterizedTest
    @MethodSource("models")
    void logitsEqualTheReference(String name) {
        try (CausalModel model = model(name, ComputeType.FLOAT32)) {
            for (JsonNode sequence :
                    Reference.json("tiny/" + name + "/logits.json").path("sequences")) {
                float[][] logits = model.base().logits(Reference.ints(sequence.path("input_ids")));

                assertThat(logits[logits.length - 1])
                        .usingComparatorWithPrecision(2e-4f)
                        .containsExactly(floats(sequence.path("last_logits")));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void cachedStepsEqualOnePass(String name) {
        int[] tokens = longest(name);
        try (CausalModel model = model(name, ComputeType.FLOAT32);
                DecoderState state = model.newState(3, 128)) {
            model.base().prefill(state, 0, Arrays.copyOf(tokens, 7));
            model.base().prefill(state, 2, Arrays.copyOf(tokens, 40));

            float[][] next = model.base()
                    .decode(state, List.of(new SequenceToken(0, tokens[7]), new SequenceToken(2, tokens[40])));

            assertThat(next[0]).usingComparatorWithPrecision(1e-4f).containsExactly(last(model, tokens, 8));
            assertThat(next[1]).usingComparatorWithPrecision(1e-4f).containsExactly(last(model, tokens, 41));
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void bfloat16IsAsCloseAsOnTheProcessor(String name) {
        int[] tokens = longest(name);
        try (CausalModel exact = model(name, ComputeType.FLOAT32);
                CausalModel rounded = model(name, ComputeType.BFLOAT16)) {
            float[][] expected = exact.base().logits(tokens);
            float[][] logits = rounded.base().logits(tokens);
            double difference = 0;
            for (int position = 0; position < logits.length; position++) {
                difference += Math.abs(Reference.logSumExp(logits[position]) - Reference.logSumExp(expected[position]));
            }
            assertThat(difference / logits.length).isLessThan(0.1).isPositive();
        }
    }

    private static int[] longest(String name) {
        return Reference.ints(Reference.json("tiny/" + name + "/logits.json")
                .path("sequences")
                .get(2)
                .path("input_ids"));
    }

    private static CausalModel model(String name, ComputeType type) {
        return CausalModel.load(Reference.path("tiny/" + name), ComputeDevice.CUDA, type);
    }

    private static float[] last(CausalModel model, int[] tokens, int length) {
        return model.base().logits(Arrays.copyOf(tokens, length))[length - 1];
    }

    private static float[] floats(JsonNode numbers) {
        double[] wide = StreamSupport.stream(numbers.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
        float[] floats = new float[wide.length];
        for (int i = 0; i < wide.length; i++) {
            floats[i] = (float) wide[i];
        }
        return floats;
    }
}
