package io.kaitoflow.inference.model;

import static io.kaitoflow.inference.model.BlockVector.ATTENTION_OUTPUT_NORM;
import static io.kaitoflow.inference.model.BlockVector.FEED_FORWARD_OUTPUT_NORM;
import static io.kaitoflow.inference.model.BlockVector.HEAD_NORM;
import static io.kaitoflow.inference.model.BlockVector.QKV_BIAS;

import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.ScriptTemplate;

/**
 * Program text of a decoder's steps with a cache.
 *
 * <p>B sequences, T new positions each, L cached positions up to the longest, D hidden, H query heads, K key and value heads,
 * G = H/K, S head size, I intermediate, M capacity of the cache. The residual stream is float32.
 */
final class DecoderProgram {
    private static final String SHARED = """
            def mask(self, positions: Tensor, window: Tensor) -> Tensor:
              rows = positions.view([positions.size(0), 1, positions.size(1), 1])
              columns = (positions.new_ones([int(positions.max()) + 1]).cumsum(0) - 1).view([1, 1, 1, -1])
              hidden = torch.logical_or(columns > rows, columns <= rows - window)
              return torch.zeros_like(hidden, dtype=6).masked_fill_(hidden, -inf)
            def logits(self, x: Tensor, norm: Tensor, w: Tensor) -> Tensor:
              return self.head_logits(self.rms(x, norm), w)
            def last_logits(self, x: Tensor, norm: Tensor, w: Tensor) -> Tensor:
              return self.logits(x.select(1, -1), norm, w)
            def next_log_probabilities(self, x: Tensor, norm: Tensor, w: Tensor, next: Tensor) -> Tensor:
              z = self.logits(x, norm, w).to(7)
              return z.gather(1, next.unsqueeze(1)).squeeze(1) - torch.logsumexp(z, [1])
            def cached(self, cache: Tensor, slots: Tensor, length: int) -> Tensor:
              n = slots.size(0)
              first = int(slots[0])
              filled = cache.narrow(2, 0, length)
              if int(slots[n - 1]) - first == n - 1:
                chosen = filled.narrow(0, first, n)
              else:
                chosen = filled.index_select(0, slots)
              return chosen.reshape([n * ${kv}, length, ${size}])
            def attention(self, qkv: Tensor, keys: Tensor, values: Tensor, cos: Tensor, sin: Tensor, slots: Tensor, positions: Tensor, mask: Tensor${headNormParameter}) -> Tensor:
              b = positions.size(0)
              t = positions.size(1)
              length = mask.size(3)
              x = qkv.view([b, t, ${heads} + 2 * ${kv}, ${size}])
              qk = ${normedHeads}
              qk = (qk * cos + self.half_turn(qk) * sin).to(${type})
              keys[slots.unsqueeze(1), :, positions] = qk.narrow(2, ${heads}, ${kv})
              values[slots.unsqueeze(1), :, positions] = x.narrow(2, ${heads} + ${kv}, ${kv})
              q = qk.narrow(2, 0, ${heads}).reshape([b, t, ${kv}, ${groups}, ${size}]).permute([0, 2, 3, 1, 4]).reshape([b * ${kv}, ${groups} * t, ${size}])
              products = torch.bmm(q, self.cached(keys, slots, length).transpose(1, 2)).view([b, ${heads}, t, length])
              p = self.probabilities(products, mask).to(${type})
              out = torch.bmm(p.view([b * ${kv}, ${groups} * t, length]), self.cached(values, slots, length))
              return out.view([b, ${kv}, ${groups}, t, ${size}]).permute([0, 3, 1, 2, 4]).reshape([b * t, ${heads} * ${size}])
            def adapted(self, x: Tensor, w: Tensor, a: Tensor, b: Tensor) -> Tensor:
              return torch.addmm(self.product(x, w), torch.linear(x, a), b.t())
            """;

    private static final String BLOCK = """
            def ${name}(self, x: Tensor, wqkv: Tensor, wo: Tensor, wgu: Tensor, wd: Tensor, ${vectors}, keys: Tensor, values: Tensor, cos: Tensor, sin: Tensor, slots: Tensor, positions: Tensor, mask: Tensor${adapter}) -> Tensor:
              rows = x.view([-1, ${hidden}])
              n = self.rms(rows, attention_norm)
              out = self.attention(${qkv}, keys, values, cos, sin, slots, positions, mask${headNorm})
              h = rows + ${output}
              n = self.rms(h, feed_forward_norm)
              gu = ${gate}
              act = ${activation} * gu.narrow(1, ${inner}, ${inner})
              return (h + ${down}).view(x.size())
            """;

    private static final String ADAPTER =
            ", aqkv: Tensor, bqkv: Tensor, ao: Tensor, bo: Tensor, agu: Tensor, bgu: Tensor, ad: Tensor, bd: Tensor";

    private final ModelConfiguration model;
    private final ComputeType type;

    private DecoderProgram(ModelConfiguration model, ComputeType type) {
        this.model = model;
        this.type = type;
    }

    static String of(ModelConfiguration model, ComputeType type, MatrixProduct product) {
        var program = new DecoderProgram(model, type);
        return product.text()
                + BlockText.shared(model, type)
                + BlockText.logits(model, type, "self.product(n, w)")
                + program.shared()
                + program.block("block", "self.product(%s, w%s)", "")
                + program.block("adapted_block", "self.adapted(%1$s, w%2$s, a%2$s, b%2$s)", ADAPTER);
    }

    private String shared() {
        ScriptTemplate text = new ScriptTemplate(SHARED)
                .with("headNormParameter", BlockText.where(model, HEAD_NORM, ", head_norm: Tensor"))
                .with("normedHeads", BlockText.normed(model, HEAD_NORM, "x.narrow(2, 0, ${heads} + ${kv})"));
        return BlockText.finish(text.text(), model, type);
    }

    /** @param product text of a product, given its input's name and its matrix's short name */
    private String block(String name, String product, String adapter) {
        ScriptTemplate text = new ScriptTemplate(BLOCK)
                .with("name", name)
                .with("adapter", adapter)
                .with("vectors", BlockText.vectorParameters(model))
                .with("headNorm", BlockText.where(model, HEAD_NORM, ", head_norm"))
                .with("qkv", biased(product.formatted("n", "qkv")))
                .with("output", BlockText.normed(model, ATTENTION_OUTPUT_NORM, product.formatted("out", "o")))
                .with("gate", product.formatted("n", "gu"))
                .with("activation", BlockText.activation(model, "gu.narrow(1, 0, ${inner})"))
                .with("down", BlockText.normed(model, FEED_FORWARD_OUTPUT_NORM, product.formatted("act", "d")));
        return BlockText.finish(text.text(), model, type);
    }

    private String biased(String product) {
        return model.architecture().has(QKV_BIAS) ? "(" + product + " + qkv_bias).to(${type})" : product;
    }
}
