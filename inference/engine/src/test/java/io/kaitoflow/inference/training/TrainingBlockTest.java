package io.kaitoflow.inference.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import io.kaitoflow.inference.model.Architecture;
import io.kaitoflow.inference.model.LinearPart;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.tensor.ComputeDevice;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.CudaAtHand;
import io.kaitoflow.inference.tensor.GradMode;
import io.kaitoflow.inference.tensor.Tensors;
import io.kaitoflow.inference.tensor.TorchEngine;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingBlockTest {
    private static final int ROWS = 2;
    private static final int POSITIONS = 7;
    private static final int HIDDEN = TinyBlock.MODEL.hiddenSize();
    private static final Shape STREAM = new Shape(ROWS, POSITIONS, HIDDEN);
    private static final Set<String> ALL =
            Set.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

    private final float[] input = TinyBlock.normal(new Random(1), (int) STREAM.size(), 1, 0);
    private final float[] upstream = TinyBlock.normal(new Random(2), (int) STREAM.size(), 1, 0);
    private final NDManager owner = TorchEngine.newOwner();
    private GradMode mode = GradMode.off();

    @BeforeEach
    void stopRecording() {
        mode.close();
        mode = GradMode.off();
    }

    @AfterEach
    void close() {
        mode.close();
        owner.close();
    }

    static Stream<TinyBlock> blocks() {
        Stream<TinyBlock> everyArchitecture = Arrays.stream(Architecture.values())
                .map(TinyBlock::model)
                .map(model -> new TinyBlock(model, new LoraLayout(model, 3, 2.0, allOf(model))));
        Stream<TinyBlock> otherTargets = Stream.of(
                        new LoraLayout(TinyBlock.MODEL, 4, 0.5, Set.of("q_proj", "v_proj")),
                        new LoraLayout(TinyBlock.MODEL, 2, 1.5, Set.of("up_proj", "o_proj")))
                .map(TinyBlock::new);
        return Stream.concat(everyArchitecture, otherTargets);
    }

    private static Set<String> allOf(ModelConfiguration model) {
        return model.linearParts().stream().map(LinearPart::shortName).collect(Collectors.toUnmodifiableSet());
    }

    /** Half of the inputs, another half for each module. */
    private NDArray[] kept(LoraLayout lora, double dropout) {
        return kept(owner, lora, dropout);
    }

    private static NDArray[] kept(NDManager owner, LoraLayout lora, double dropout) {
        if (dropout == 0) {
            return new NDArray[0];
        }
        var kept = new boolean[ROWS * POSITIONS * lora.inputs()];
        var random = new Random(5);
        for (int i = 0; i < kept.length; i++) {
            kept[i] = random.nextDouble() >= dropout;
        }
        return new NDArray[] {owner.create(kept)};
    }

    private record Step(float[] output, float[] inputGradient, float[] loraGradient) {}

    private Step byHand(TinyBlock tiny, ComputeType type) {
        return byHand(tiny, type, 0);
    }

    private Step byHand(TinyBlock tiny, ComputeType type, double dropout) {
        return byHand(owner, tiny, type, dropout);
    }

    private Step byHand(NDManager device, TinyBlock tiny, ComputeType type, double dropout) {
        try (var block = new TrainingBlock(tiny.model, tiny.lora, type, dropout);
                NDManager scope = device.newSubManager()) {
            var context = new BlockContext(
                    tiny.weights(scope, type),
                    Tensors.of(scope, tiny.adapters, new Shape(tiny.lora.size())),
                    SequenceFrame.causal(scope, tiny.model, POSITIONS),
                    List.of(kept(scope, tiny.lora, dropout)));
            BlockActivations saved = block.forward(scope, Tensors.of(scope, input, STREAM), context);
            BlockGradients gradients = block.backward(scope, saved, Tensors.of(scope, upstream, STREAM), context);
            return new Step(
                    saved.output().toFloatArray(),
                    gradients.input().toFloatArray(),
                    gradients.lora().toFloatArray());
        }
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void backwardEqualsAutomaticDifferentiation(TinyBlock tiny) {
        backwardEqualsAutomaticDifferentiation(tiny, 0);
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void backwardEqualsAutomaticDifferentiationUnderDropout(TinyBlock tiny) {
        backwardEqualsAutomaticDifferentiation(tiny, 0.5);
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void aGpuGivesWhatTheProcessorGives(TinyBlock tiny) {
        CudaAtHand.require();
        try (NDManager cuda = TorchEngine.newOwner(ComputeDevice.CUDA)) {
            for (double dropout : new double[] {0, 0.5}) {
                Step expected = byHand(tiny, ComputeType.FLOAT32, dropout);
                Step found = byHand(cuda, tiny, ComputeType.FLOAT32, dropout);

                assertClose(found.output(), expected.output(), 1e-5);
                assertClose(found.inputGradient(), expected.inputGradient(), 1e-5);
                assertClose(found.loraGradient(), expected.loraGradient(), 1e-5);
            }
        }
    }

    private void backwardEqualsAutomaticDifferentiation(TinyBlock tiny, double dropout) {
        Step hand = byHand(tiny, ComputeType.FLOAT32, dropout);

        try (var block = new TrainingBlock(tiny.model, tiny.lora, ComputeType.FLOAT32, dropout);
                var recording = GradMode.on()) {
            NDArray x = leaf(input, STREAM);
            NDArray adapters = leaf(tiny.adapters, new Shape(tiny.lora.size()));
            BlockActivations saved = block.forward(
                    owner,
                    x,
                    new BlockContext(
                            tiny.weights(owner, ComputeType.FLOAT32),
                            adapters,
                            SequenceFrame.causal(owner, tiny.model, POSITIONS),
                            List.of(kept(tiny.lora, dropout))));
            JniUtils.backward(
                    (PtNDArray) saved.output(), (PtNDArray) Tensors.of(owner, upstream, STREAM), false, false);

            assertClose(hand.inputGradient(), x.getGradient().toFloatArray(), 2e-6);
            assertClose(hand.loraGradient(), adapters.getGradient().toFloatArray(), 2e-6);
        }
    }

    @Test
    void keptInputsAreEnlargedSoThatNothingDroppedMeansNothingChanged() {
        var tiny = new TinyBlock(new LoraLayout(TinyBlock.MODEL, 3, 2.0, ALL));
        var halved = new TinyBlock(new LoraLayout(TinyBlock.MODEL, 3, 4.0, ALL));

        try (var block = new TrainingBlock(TinyBlock.MODEL, tiny.lora, ComputeType.FLOAT32, 0.5)) {
            var everything = new boolean[ROWS * POSITIONS * tiny.lora.inputs()];
            Arrays.fill(everything, true);
            var context = new BlockContext(
                    tiny.weights(owner, ComputeType.FLOAT32),
                    Tensors.of(owner, tiny.adapters, new Shape(tiny.lora.size())),
                    SequenceFrame.causal(owner, TinyBlock.MODEL, POSITIONS),
                    List.of(owner.create(everything)));

            float[] output = block.forward(owner, Tensors.of(owner, input, STREAM), context)
                    .output()
                    .toFloatArray();

            assertClose(output, byHand(halved, ComputeType.FLOAT32).output(), 2e-6);
        }
    }

    private NDArray leaf(float[] values, Shape shape) {
        NDArray leaf = Tensors.of(owner, values, shape);
        leaf.setRequiresGradient(true);
        return leaf;
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void forwardEqualsTheTextbook(TinyBlock tiny) {
        float[] output = byHand(tiny, ComputeType.FLOAT32).output();

        double[] expected = textbook(tiny, TinyBlock.widened(input), TinyBlock.widened(tiny.adapters));
        assertClose(output, expected, 2e-6);
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void gradientsEqualCentralDifferencesInFloat64(TinyBlock tiny) {
        Step hand = byHand(tiny, ComputeType.FLOAT32);
        var random = new Random(3);

        for (int direction = 0; direction < 3; direction++) {
            float[] dx = TinyBlock.normal(random, input.length, 1e-5, 0);
            float[] dl = TinyBlock.normal(random, tiny.lora.size(), 1e-5, 0);
            double above = along(
                    textbook(tiny, moved(input, dx, 1), moved(tiny.adapters, dl, 1)), TinyBlock.widened(upstream));
            double below = along(
                    textbook(tiny, moved(input, dx, -1), moved(tiny.adapters, dl, -1)), TinyBlock.widened(upstream));

            double predicted = along(hand.inputGradient(), dx) + along(hand.loraGradient(), dl);

            assertThat(predicted).isCloseTo((above - below) / 2, within(1e-3 * Math.abs(predicted)));
        }
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void bfloat16StaysNearFloat32(TinyBlock tiny) {
        Step exact = byHand(tiny, ComputeType.FLOAT32);
        Step rounded = byHand(tiny, ComputeType.BFLOAT16);

        assertClose(rounded.output(), exact.output(), 2e-2);
        assertClose(rounded.inputGradient(), exact.inputGradient(), 2e-2);
        assertClose(rounded.loraGradient(), exact.loraGradient(), 2e-2);
        assertThat(rounded.output()).isNotEqualTo(exact.output());
    }

    /** float16 reaches from 6e-8 to 65504; the residual and its gradient do not. */
    @ParameterizedTest
    @MethodSource("blocks")
    void float16StaysNearFloat32WhateverTheSizeOfTheGradient(TinyBlock tiny) {
        for (float factor : new float[] {1, 1e6f, 1e-12f}) {
            for (int i = 0; i < upstream.length; i++) {
                upstream[i] *= factor;
            }
            Step exact = byHand(tiny, ComputeType.FLOAT32);
            Step rounded = byHand(tiny, ComputeType.FLOAT16);

            assertClose(rounded.output(), exact.output(), 3e-3);
            assertClose(rounded.inputGradient(), exact.inputGradient(), 3e-3);
            assertClose(rounded.loraGradient(), exact.loraGradient(), 3e-3);
            assertThat(rounded.output()).isNotEqualTo(exact.output());
        }
    }

    @Test
    void inFloat16NoGradientStaysNone() {
        Arrays.fill(upstream, 0);

        Step step = byHand(new TinyBlock(new LoraLayout(TinyBlock.MODEL, 3, 2.0, ALL)), ComputeType.FLOAT16);

        assertThat(step.inputGradient()).containsOnly(0);
        assertThat(step.loraGradient()).containsOnly(0);
    }

    @Test
    void paddingOnTheRightTouchesNoRealToken() {
        var tiny = new TinyBlock(new LoraLayout(TinyBlock.MODEL, 3, 2.0, ALL));
        Step whole = byHand(tiny, ComputeType.FLOAT32);

        for (int i = 5 * HIDDEN; i < POSITIONS * HIDDEN; i++) {
            input[i] = 100;
            upstream[i] = 0;
        }
        Step padded = byHand(tiny, ComputeType.FLOAT32);

        for (int i = 0; i < 5 * HIDDEN; i++) {
            assertThat(padded.output()[i]).isEqualTo(whole.output()[i], within(1e-6f));
        }
        for (int i = 5 * HIDDEN; i < POSITIONS * HIDDEN; i++) {
            assertThat(padded.inputGradient()[i]).isZero();
        }
    }

    @Test
    void leavesNothingBehind() {
        var tiny = new TinyBlock(new LoraLayout(TinyBlock.MODEL, 3, 2.0, ALL));
        byHand(tiny, ComputeType.BFLOAT16);
        int before = owner.getManagedArrays().size();

        byHand(tiny, ComputeType.BFLOAT16);

        assertThat(owner.getManagedArrays()).hasSize(before);
    }

    private static double[] textbook(TinyBlock tiny, double[] input, double[] adapters) {
        var output = new double[input.length];
        for (int i = 0; i < output.length; i += POSITIONS * HIDDEN) {
            double[] row = Arrays.copyOfRange(input, i, i + POSITIONS * HIDDEN);
            double[][] y = tiny.textbook().forward(TinyBlock.rows(row, HIDDEN), adapters);
            for (int t = 0; t < POSITIONS; t++) {
                System.arraycopy(y[t], 0, output, i + t * HIDDEN, HIDDEN);
            }
        }
        return output;
    }

    private static double[] moved(float[] from, float[] by, int sign) {
        var result = new double[from.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = from[i] + sign * (double) by[i];
        }
        return result;
    }

    private static double along(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double along(float[] a, float[] b) {
        return along(TinyBlock.widened(a), TinyBlock.widened(b));
    }

    private static void assertClose(float[] actual, float[] expected, double relative) {
        assertClose(actual, TinyBlock.widened(expected), relative);
    }

    /** Euclidean distance relative to the size of what is expected. */
    private static void assertClose(float[] actual, double[] expected, double relative) {
        assertThat(actual).hasSameSizeAs(expected);
        double difference = 0;
        for (int i = 0; i < actual.length; i++) {
            difference += Math.pow(actual[i] - expected[i], 2);
        }
        assertThat(Math.sqrt(difference)).isLessThan(relative * Math.sqrt(along(expected, expected)));
    }
}
