package io.kaitoflow.inference.training;

import static io.kaitoflow.inference.model.BlockVector.ATTENTION_OUTPUT_NORM;
import static io.kaitoflow.inference.model.BlockVector.FEED_FORWARD_OUTPUT_NORM;
import static io.kaitoflow.inference.model.BlockVector.HEAD_NORM;
import static io.kaitoflow.inference.model.BlockVector.QKV_BIAS;

import io.kaitoflow.inference.model.BlockText;
import io.kaitoflow.inference.model.BlockVector;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.Projection;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.ScriptTemplate;

/**
 * Program text of one decoder block, forward and backward.
 *
 * <p>The backward pass is written by hand. It saves only what is dear to compute again (queries, keys, values, attention
 * output, the residual after attention, the feed-forward's inputs; heads and outputs before their norms where a model has such
 * norms) and recomputes norms, probabilities and activations, so a quantised weight need not stay dequantised between the
 * passes. In float16 each block lifts the gradient that it gets, which is float32, by a factor of its own and lowers what it gives by
 * the same: unlike one factor for all that is sought over the steps, it needs no memory from step to step, and no step is lost.
 *
 * <p>B rows, T positions, D hidden, H query heads, K key and value heads, G = H/K, S head size, I intermediate. Attention
 * works on queries viewed as (B K, G, T, S): each key head meets its G query heads in one product, so keys and values are
 * never expanded and their gradients come out summed.
 */
final class BlockProgram {
    /**
     * Few enough that a good part of the masked half is never computed, enough that products stay large; on a GPU, where each
     * operation costs a launch, twice as many.
     */
    private static final int QUERIES_AT_A_TIME = 128;

    static final String NORM_BACKWARD = """
            def rms_backward(self, x: Tensor, w: Tensor, dy: Tensor) -> Tensor:
              x = x.to(6)
              scale = torch.rsqrt(torch.mean(x * x, [-1], True) + ${epsilon})
              unit = x * scale
              dunit = dy * w
              along = torch.mean(dunit * unit, [-1], True)
              return dunit.addcmul_(unit, along, value=-1).mul_(scale)
            """;

    /** What a row of queries gives to each key; in bfloat16 the products are rounded before and after they are scaled. */
    private static final String SCORES = """
            def attended(self, products: Tensor, mask: Tensor) -> Tensor:
              return torch.softmax(products.mul_(${scale}).add_(mask.to(${type})), -1)
            def attended_backward(self, products: Tensor, p: Tensor, dp: Tensor) -> Tensor:
              return torch._softmax_backward_data(dp, p, -1, ${type})
            """;

    private static final String CAPPED_SCORES = """
            def attended(self, products: Tensor, mask: Tensor) -> Tensor:
              return self.probabilities(products, mask).to(${type})
            def attended_backward(self, products: Tensor, p: Tensor, dp: Tensor) -> Tensor:
              slope = 1 - torch.square(self.bent(products))
              return torch._softmax_backward_data(dp.to(6), p.to(6), -1, 6).mul_(slope).to(${type})
            """;

    /** Queries go in pieces, each with the keys that lie before its end: what lies after would be masked. */
    private static final String ATTENTION = """
            def group(self, x: Tensor, b: int, t: int) -> Tensor:
              return x.reshape([b, t, ${kv}, ${groups}, ${size}]).permute([0, 2, 3, 1, 4]).reshape([b * ${kv}, ${groups}, t, ${size}])
            def ungroup(self, x: Tensor, b: int, t: int) -> Tensor:
              return x.view([b, ${kv}, ${groups}, t, ${size}]).permute([0, 3, 1, 2, 4]).reshape([b, t, ${heads}, ${size}])
            def spread(self, x: Tensor, b: int, t: int) -> Tensor:
              return x.view([b, ${kv}, t, ${size}]).transpose(1, 2)
            def at_a_time(self, x: Tensor) -> int:
              return 2 * ${piece} if x.is_cuda else ${piece}
            def piece(self, x: Tensor, first: int, rows: int) -> Tensor:
              return x.narrow(2, first, rows).reshape([x.size(0), ${groups} * rows, ${size}])
            def products(self, q: Tensor, k: Tensor, b: int, rows: int) -> Tensor:
              return torch.bmm(q, k.transpose(1, 2)).view([b, ${heads}, rows, k.size(1)])
            def attention_forward(self, qkv: Tensor, cos: Tensor, sin: Tensor, mask: Tensor${headNormParameter}) -> List[Tensor]:
              b = qkv.size(0)
              t = qkv.size(1)
              x = qkv.view([b, t, ${heads} + 2 * ${kv}, ${size}])
              raw = x.narrow(2, 0, ${heads} + ${kv})
              qk = ${normedHeads}
              qk = torch.addcmul(qk * cos, self.half_turn(qk), sin).to(${type})
              q = self.group(qk.narrow(2, 0, ${heads}), b, t)
              k = qk.narrow(2, ${heads}, ${kv}).transpose(1, 2).reshape([b * ${kv}, t, ${size}])
              v = x.narrow(2, ${heads} + ${kv}, ${kv}).transpose(1, 2).reshape([b * ${kv}, t, ${size}])
              out = torch.empty_like(q)
              most = self.at_a_time(q)
              for i in range((t + most - 1) // most):
                first = i * most
                rows = min(most, t - first)
                seen = first + rows
                products = self.products(self.piece(q, first, rows), k.narrow(1, 0, seen), b, rows)
                p = self.attended(products, mask.narrow(2, first, rows).narrow(3, 0, seen)).view([b * ${kv}, ${groups} * rows, seen])
                found = torch.bmm(p, v.narrow(1, 0, seen)).view([b * ${kv}, ${groups}, rows, ${size}])
                out.narrow(2, first, rows).copy_(found)
              return [q, k, v, self.ungroup(out, b, t).reshape([b * t, ${heads} * ${size}])${rawHeads}]
            def attention_backward(self, q: Tensor, k: Tensor, v: Tensor, dout: Tensor, cos: Tensor, sin: Tensor, mask: Tensor${rawParameters}) -> Tensor:
              t = k.size(1)
              b = k.size(0) // ${kv}
              d = self.group(dout, b, t)
              dq = torch.empty_like(q)
              dk = torch.zeros_like(k, dtype=6)
              dv = torch.zeros_like(v, dtype=6)
              most = self.at_a_time(q)
              for i in range((t + most - 1) // most):
                first = i * most
                rows = min(most, t - first)
                seen = first + rows
                qi = self.piece(q, first, rows)
                di = self.piece(d, first, rows)
                ki = k.narrow(1, 0, seen)
                products = self.products(qi, ki, b, rows)
                p = self.attended(products, mask.narrow(2, first, rows).narrow(3, 0, seen))
                dp = torch.bmm(di, v.narrow(1, 0, seen).transpose(1, 2)).view(p.size())
                ds = self.attended_backward(products, p, dp).view([b * ${kv}, ${groups} * rows, seen])
                dv.narrow(1, 0, seen).add_(torch.bmm(p.view(ds.size()).transpose(1, 2), di))
                dk.narrow(1, 0, seen).add_(torch.bmm(ds.transpose(1, 2), qi))
                dq.narrow(2, first, rows).copy_(torch.bmm(ds, ki).view([b * ${kv}, ${groups}, rows, ${size}]))
              dqk = torch.cat([self.ungroup(dq, b, t).to(6), self.spread(dk, b, t)], 2).mul_(${scale})
              dqk = torch.sub(dqk * cos, self.half_turn(dqk) * sin)
              dqk = (${headGradient}).to(${type})
              return torch.cat([dqk, self.spread(dv, b, t).to(${type})], 2).view([b * t, -1])
            """;

    /**
     * What brings a gradient into float16's range: its greatest element to 1. Above it there are 16 powers of two, for what grows
     * inside the block and in sums over tokens; below it as many until float16 is as coarse as bfloat16 is everywhere.
     */
    private static final String LIFT = """
            def lift(self, gradient: Tensor) -> Tensor:
              return torch.reciprocal(gradient.abs().amax().clamp_min(1e-30))
            """;

    private static final String BLOCK = """
            def up(self, gate_up: Tensor) -> Tensor:
              return gate_up.narrow(1, ${inner}, ${inner})
            def activation(self, gate_up: Tensor) -> Tensor:
              return ${activation}
            def activation_backward(self, gate_up: Tensor, active: Tensor, dy: Tensor) -> Tensor:
              gate = gate_up.narrow(1, 0, ${inner})
              return torch.cat([${gateGradient}, dy * active], 1)
            def forward_block(self, x: Tensor, wqkv: Tensor, wo: Tensor, wgu: Tensor, wd: Tensor, ${vectors}, lora: Tensor, cos: Tensor, sin: Tensor, mask: Tensor${dropParameter}) -> List[Tensor]:
              b = x.size(0)
              t = x.size(1)
              l = lora.to(${type})
              rows = x.view([b * t, -1])
              qkv = self.qkv(self.rms(rows, attention_norm), wqkv, l${drop})${bias}
              a = self.attention_forward(qkv.view([b, t, -1]), cos, sin, mask${headNorm})
              o = self.attention_output(a[3], wo, l${drop})
              h = rows + ${normedOutput}
              gate_up = self.gate_up(self.rms(h, feed_forward_norm), wgu, l${drop})
              d = self.down(self.activation(gate_up) * self.up(gate_up), wd, l${drop})
              y = h + ${normedDown}
              return [y.view([b, t, -1]), a[0], a[1], a[2], a[3], h, gate_up${savedMore}]
            def backward_block(self, x: Tensor, q: Tensor, k: Tensor, v: Tensor, out: Tensor, h: Tensor, gate_up: Tensor${savedParameters}, dy: Tensor, wqkv: Tensor, wo: Tensor, wgu: Tensor, wd: Tensor, ${vectors}, lora: Tensor, cos: Tensor, sin: Tensor, mask: Tensor${dropParameter}) -> List[Tensor]:
              l = lora.to(${type})
              rows = x.view([h.size(0), -1])
              dh = dy.reshape([h.size(0), -1])${lifted}
              dd = ${downGradient}
              active = self.activation(gate_up)
              dact, ldown = self.down_backward(active * self.up(gate_up), wd, l, dd.to(${type})${drop})
              dnorm2, lgu = self.gate_up_backward(self.rms(h, feed_forward_norm), wgu, l, self.activation_backward(gate_up, active, dact)${drop})
              dh = self.rms_backward(h, feed_forward_norm, dnorm2).add_(dh)
              do = ${outputGradient}
              dout, lo = self.attention_output_backward(out, wo, l, do.to(${type})${drop})
              dqkv = self.attention_backward(q, k, v, dout, cos, sin, mask${rawArguments})
              dnorm1, lqkv = self.qkv_backward(self.rms(rows, attention_norm), wqkv, l, dqkv${drop})
              dx = self.rms_backward(rows, attention_norm, dnorm1).add_(dh)
              return [dx.view(x.size())${lowered}, torch.cat([lqkv, lo, lgu, ldown])${lowered}]
            """;

    private final ModelConfiguration model;
    private final ComputeType type;

    private BlockProgram(ModelConfiguration model, ComputeType type) {
        this.model = model;
        this.type = type;
    }

    static String of(ModelConfiguration model, LoraLayout lora, ComputeType type, double dropout) {
        var text = new StringBuilder(BlockText.shared(model, type));
        text.append(BlockText.finish(NORM_BACKWARD, model, type));
        for (Projection projection : Projection.values()) {
            text.append(AdapterProgram.of(projection, model, lora, type, dropout));
        }
        var program = new BlockProgram(model, type);
        return text + program.attention() + program.block(dropout != 0);
    }

    private String attention() {
        boolean capped = model.traits().attentionCap().isPresent();
        ScriptTemplate text = new ScriptTemplate((capped ? CAPPED_SCORES : SCORES) + ATTENTION)
                .with("piece", QUERIES_AT_A_TIME)
                .with("headNormParameter", where(HEAD_NORM, ", head_norm: Tensor"))
                .with("normedHeads", BlockText.normed(model, HEAD_NORM, "raw"))
                .with("rawHeads", where(HEAD_NORM, ", raw.contiguous()"))
                .with("rawParameters", where(HEAD_NORM, ", raw: Tensor, head_norm: Tensor"))
                .with("headGradient", gradient(HEAD_NORM, "raw", "dqk"));
        return BlockText.finish(text.text(), model, type);
    }

    private String block(boolean dropping) {
        boolean shortOfRange = type == ComputeType.FLOAT16;
        ScriptTemplate text = new ScriptTemplate((shortOfRange ? LIFT : "") + BLOCK)
                .with("lifted", shortOfRange ? "\n  lift = self.lift(dh)\n  dh = dh * lift" : "")
                .with("lowered", shortOfRange ? ".div_(lift)" : "")
                .with("activation", BlockText.activation(model, "gate_up.narrow(1, 0, ${inner})"))
                .with("gateGradient", BlockText.activationBackward(model, "dy * self.up(gate_up)", "gate"))
                .with("vectors", BlockText.vectorParameters(model))
                .with("bias", where(QKV_BIAS, ".add(qkv_bias).to(${type})"))
                .with("headNorm", where(HEAD_NORM, ", head_norm"))
                .with("normedOutput", BlockText.normed(model, ATTENTION_OUTPUT_NORM, "o"))
                .with("normedDown", BlockText.normed(model, FEED_FORWARD_OUTPUT_NORM, "d"))
                .with("outputGradient", gradient(ATTENTION_OUTPUT_NORM, "o", "dh"))
                .with("downGradient", gradient(FEED_FORWARD_OUTPUT_NORM, "d", "dh"))
                .with("rawArguments", where(HEAD_NORM, ", raw, head_norm"))
                .with("savedMore", saved("a[4]", ""))
                .with("savedParameters", saved("raw", ": Tensor"))
                .with("drop", dropping ? ", drop" : "")
                .with("dropParameter", dropping ? ", drop: Tensor" : "");
        return BlockText.finish(text.text(), model, type);
    }

    /** What is kept for the backward pass of the norms that only some models have. */
    private String saved(String heads, String suffix) {
        return where(HEAD_NORM, ", " + heads + suffix)
                + where(ATTENTION_OUTPUT_NORM, ", o" + suffix)
                + where(FEED_FORWARD_OUTPUT_NORM, ", d" + suffix);
    }

    private String where(BlockVector vector, String text) {
        return BlockText.where(model, vector, text);
    }

    /** The gradient before a norm, which is the gradient after it where the model has no such norm. */
    private String gradient(BlockVector norm, String input, String gradient) {
        return model.architecture().has(norm)
                ? "self.rms_backward(" + input + ", " + norm.label() + ", " + gradient + ")"
                : gradient;
    }
}
