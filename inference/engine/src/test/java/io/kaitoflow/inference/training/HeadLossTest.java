package io.kaitoflow.inference.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.kaitoflow.inference.model.Architecture;
import io.kaitoflow.inference.model.DecoderTraits;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.RotaryEmbedding;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.Tensors;
import io.kaitoflow.inference.tensor.TorchEngine;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadLossTest {
    /** Large enough that 3 rows need two chunks. */
    private static final int VOCABULARY = 4_000_000;

    private static final int HIDDEN = 4;
    private static final Shape STREAM = new Shape(2, 3, HIDDEN);
    private static final HeadLoss.Targets TARGETS =
            new HeadLoss.Targets(new int[] {0, 2, 5}, new int[] {17, VOCABULARY - 1, 0});

    private final NDManager owner = TorchEngine.newOwner();
    private final float[] hidden = TinyBlock.normal(new Random(1), (int) STREAM.size(), 1, 0);

    @AfterEach
    void close() {
        owner.close();
    }

    private static ModelConfiguration model(int vocabulary) {
        return model(vocabulary, OptionalDouble.empty());
    }

    private static ModelConfiguration model(int vocabulary, OptionalDouble cap) {
        var rotary = new RotaryEmbedding(10_000, 4);
        var plain = DecoderTraits.plain(1, rotary);
        var traits = new DecoderTraits(plain.activation(), 0.5, 1, plain.attentionCap(), cap, plain.layers());
        return new ModelConfiguration(
                Architecture.LLAMA, vocabulary, HIDDEN, 8, 1, 1, 1, 64, 1e-5, rotary, true, traits);
    }

    private HeadLoss.Weights weights(int vocabulary, ComputeType type) {
        var random = new Random(5);
        NDArray head =
                Tensors.of(owner, TinyBlock.normal(random, vocabulary * HIDDEN, 0.5, 0), new Shape(vocabulary, HIDDEN));
        return new HeadLoss.Weights(
                Tensors.of(owner, TinyBlock.normal(random, HIDDEN, 0.2, 1), new Shape(HIDDEN)),
                Tensors.convert(owner, head, type));
    }

    @Test
    void equalsTheTextbookOverSeveralChunks() {
        HeadLoss.Weights weights = weights(VOCABULARY, ComputeType.FLOAT32);
        try (var head = new HeadLoss(model(VOCABULARY), ComputeType.FLOAT32)) {
            double expected = textbook(weights, hidden, 0, TARGETS);
            NDArray states = Tensors.of(owner, hidden, STREAM);

            assertThat(head.loss(states, weights, TARGETS)).isCloseTo(expected, within(1e-5));
            assertThat(head.lossAndGradient(owner, states, weights, TARGETS).loss())
                    .isCloseTo(expected, within(1e-5));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1.5})
    void gradientEqualsCentralDifferencesInFloat64(double cap) {
        var targets = new HeadLoss.Targets(new int[] {0, 2, 5}, new int[] {17, 99, 0});
        HeadLoss.Weights weights = weights(100, ComputeType.FLOAT32);
        try (var head = new HeadLoss(
                model(100, cap == 0 ? OptionalDouble.empty() : OptionalDouble.of(cap)), ComputeType.FLOAT32)) {
            float[] gradient = head.lossAndGradient(owner, Tensors.of(owner, hidden, STREAM), weights, targets)
                    .hidden()
                    .toFloatArray();

            for (int i = 0; i < hidden.length; i++) {
                float[] above = hidden.clone();
                float[] below = hidden.clone();
                above[i] += 1e-2f;
                below[i] -= 1e-2f;
                double difference =
                        (textbook(weights, above, cap, targets) - textbook(weights, below, cap, targets)) / 2e-2;
                assertThat((double) gradient[i]).isCloseTo(difference, within(1e-4));
            }
        }
    }

    /** A probability by the number of scored tokens is often less than float16 can tell from zero. */
    @Test
    void gradientsOfManyTokensAreInFloat16WhatTheyAreInFloat32() {
        int count = 20_000;
        int[] next = new Random(9).ints(count, 0, 100).toArray();
        var targets = new HeadLoss.Targets(IntStream.range(0, count).toArray(), next);
        float[] states = TinyBlock.normal(new Random(10), count * HIDDEN, 1, 0);

        float[] exact = gradient(ComputeType.FLOAT32, states, targets);
        float[] rounded = gradient(ComputeType.FLOAT16, states, targets);

        double distance = 0;
        double size = 0;
        for (int i = 0; i < exact.length; i++) {
            distance += Math.pow(rounded[i] - exact[i], 2);
            size += Math.pow(exact[i], 2);
        }
        assertThat(Math.sqrt(distance / size)).isPositive().isLessThan(2e-3);
    }

    private float[] gradient(ComputeType type, float[] states, HeadLoss.Targets targets) {
        Shape shape = new Shape(1, targets.count(), HIDDEN);
        try (var head = new HeadLoss(model(100), type)) {
            return head.lossAndGradient(owner, Tensors.of(owner, states, shape), weights(100, type), targets)
                    .hidden()
                    .toFloatArray();
        }
    }

    @Test
    void positionsThatAreNotScoredGetNoGradient() {
        HeadLoss.Weights weights = weights(100, ComputeType.BFLOAT16);
        try (var head = new HeadLoss(model(100), ComputeType.BFLOAT16)) {
            var targets = new HeadLoss.Targets(new int[] {4}, new int[] {3});

            float[] gradient = head.lossAndGradient(owner, Tensors.of(owner, hidden, STREAM), weights, targets)
                    .hidden()
                    .toFloatArray();

            for (int i = 0; i < gradient.length; i++) {
                assertThat(gradient[i] == 0).isEqualTo(i / HIDDEN != 4);
            }
        }
    }

    @Test
    void refusesABatchWithNothingToScore() {
        assertThatThrownBy(() -> new HeadLoss.Targets(new int[0], new int[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one row");
    }

    private static double textbook(HeadLoss.Weights weights, float[] states, double cap, HeadLoss.Targets targets) {
        float[] norm = weights.norm().toFloatArray();
        float[] head = weights.head().toFloatArray();
        int vocabulary = head.length / HIDDEN;
        double loss = 0;
        for (int target = 0; target < targets.rows().length; target++) {
            int row = targets.rows()[target] * HIDDEN;
            double squares = 0;
            for (int i = 0; i < HIDDEN; i++) {
                squares += (double) states[row + i] * states[row + i];
            }
            double scale = 1 / Math.sqrt(squares / HIDDEN + 1e-5);
            double total = 0;
            double picked = 0;
            for (int token = 0; token < vocabulary; token++) {
                double logit = 0;
                for (int i = 0; i < HIDDEN; i++) {
                    logit += states[row + i] * scale * norm[i] * head[token * HIDDEN + i];
                }
                logit = cap == 0 ? logit : cap * Math.tanh(logit / cap);
                total += Math.exp(logit);
                if (token == targets.next()[target]) {
                    picked = logit;
                }
            }
            loss += Math.log(total) - picked;
        }
        return loss / targets.rows().length;
    }
}
