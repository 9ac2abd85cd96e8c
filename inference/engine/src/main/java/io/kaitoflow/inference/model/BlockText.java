package io.kaitoflow.inference.model;

import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.ScriptTemplate;
import java.util.stream.Collectors;

/**
 * Pieces of program text that decoding and training share, and the numbers of a model for programs of either kind.
 *
 * <p>Where families differ, the difference is a line of text chosen here: a program for a model holds nothing that the model
 * does not do.
 */
public final class BlockText {
    /** Norms in float32; the compute type takes over only at the matrices. */
    private static final String NORM = """
            def wide_rms(self, x: Tensor, w: Tensor) -> Tensor:
              x = x.to(6)
              return x * torch.rsqrt(torch.mean(x * x, [-1], True) + ${epsilon}) * w
            def rms(self, x: Tensor, w: Tensor) -> Tensor:
              return self.wide_rms(x, w).to(${type})
            """;

    private static final String EMBED = """
            def embed(self, ids: Tensor, w: Tensor) -> Tensor:
              return torch.embedding(w, ids).to(6)${embeddingFactor}
            """;

    private static final String TURN_ALL = """
            def half_turn(self, x: Tensor) -> Tensor:
              half = x.size(-1) // 2
              return torch.cat([-x.narrow(-1, half, half), x.narrow(-1, 0, half)], -1)
            """;

    private static final String TURN_FIRST = """
            def half_turn(self, x: Tensor) -> Tensor:
              return torch.cat([-x.narrow(-1, ${half}, ${half}), x.narrow(-1, 0, ${half}), x.narrow(-1, ${turned}, ${size} - ${turned})], -1)
            """;

    private static final String SCORES = """
            def probabilities(self, products: Tensor, mask: Tensor) -> Tensor:
              return torch.softmax(torch.add(mask, products, alpha=${scale}), -1)
            """;

    private static final String CAPPED_SCORES = """
            def bent(self, products: Tensor) -> Tensor:
              return torch.tanh(products.to(6) * ${scaleByCap})
            def probabilities(self, products: Tensor, mask: Tensor) -> Tensor:
              return torch.softmax(torch.add(mask, self.bent(products), alpha=${attentionCap}), -1)
            """;

    private static final String LOGITS = """
            def head_logits(self, n: Tensor, w: Tensor) -> Tensor:
              return ${headProduct}.to(6)
            """;

    private static final String CAPPED_LOGITS = """
            def head_logits(self, n: Tensor, w: Tensor) -> Tensor:
              return torch.tanh(${headProduct}.to(6) / ${logitCap}) * ${logitCap}
            """;

    private BlockText() {}

    /** Embedding, norms, rotation and scores: {@code embed, wide_rms, rms, half_turn, probabilities}. */
    public static String shared(ModelConfiguration model, ComputeType type) {
        boolean allTurn = model.rotary().turnedSize() == model.headSize();
        return finish(NORM + EMBED, model, type)
                + finish(allTurn ? TURN_ALL : TURN_FIRST, model, type)
                + finish(model.traits().attentionCap().isPresent() ? CAPPED_SCORES : SCORES, model, type);
    }

    /**
     * Logits from normed hidden states: {@code head_logits(n, w)}.
     *
     * @param product how {@code n} is multiplied by {@code w}, as an expression
     */
    public static String logits(ModelConfiguration model, ComputeType type, String product) {
        String text = model.traits().logitCap().isPresent() ? CAPPED_LOGITS : LOGITS;
        return finish(text.replace("${headProduct}", product), model, type);
    }

    /** The vectors of a block as parameters, for example {@code attention_norm: Tensor, feed_forward_norm: Tensor}. */
    public static String vectorParameters(ModelConfiguration model) {
        return model.architecture().vectors().stream()
                .map(vector -> vector.label() + ": Tensor")
                .collect(Collectors.joining(", "));
    }

    /** The text where the model's blocks have the vector, else nothing. */
    public static String where(ModelConfiguration model, BlockVector vector, String text) {
        return model.architecture().has(vector) ? text : "";
    }

    /** An expression, normed in float32 where the model's blocks have such a norm. */
    public static String normed(ModelConfiguration model, BlockVector norm, String expression) {
        return model.architecture().has(norm) ? "self.wide_rms(" + expression + ", " + norm.label() + ")" : expression;
    }

    /** The gate's activation. */
    public static String activation(ModelConfiguration model, String gate) {
        return switch (model.traits().activation()) {
            case SILU -> "torch.silu(" + gate + ")";
            case GELU_TANH -> "torch.gelu(" + gate + ", approximate=\"tanh\")";
        };
    }

    /** The gradient at the gate from the gradient at its activation. */
    public static String activationBackward(ModelConfiguration model, String gradient, String gate) {
        return switch (model.traits().activation()) {
            case SILU -> "torch.silu_backward(" + gradient + ", " + gate + ")";
            case GELU_TANH -> "torch.gelu_backward(" + gradient + ", " + gate + ", approximate=\"tanh\")";
        };
    }

    /** Puts the model's numbers in. */
    public static String finish(String text, ModelConfiguration model, ComputeType type) {
        DecoderTraits traits = model.traits();
        double cap = traits.attentionCap().orElse(1);
        return new ScriptTemplate(text)
                .with("type", type.torchCode())
                .with("epsilon", model.normEpsilon())
                .with("hidden", model.hiddenSize())
                .with("heads", model.heads())
                .with("kv", model.keyValueHeads())
                .with("groups", model.heads() / model.keyValueHeads())
                .with("size", model.headSize())
                .with("turned", model.rotary().turnedSize())
                .with("half", model.rotary().turnedSize() / 2)
                .with("scale", traits.queryScale())
                .with("scaleByCap", traits.queryScale() / cap)
                .with("attentionCap", cap)
                .with("logitCap", traits.logitCap().orElse(1))
                .with("embeddingFactor", traits.embeddingScale() == 1 ? "" : " * " + traits.embeddingScale())
                .with("inner", model.intermediateSize())
                .finished();
    }
}
