package io.kaitoflow.inference.model;

import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.ScriptTemplate;

/**
 * Program text of a decoder's steps with a cache.
 *
 * <p>B sequences, T new positions each, L cached positions up to the longest, D hidden, H query heads, K key and value heads,
 * G = H/K, S head size, I intermediate, M capacity of the cache. The residual stream is float32.
 */
final class DecoderProgram {
    private static final ScriptTemplate SHARED = new ScriptTemplate("""
            def rms(self, x: Tensor, w: Tensor) -> Tensor:
              return (x * torch.rsqrt(torch.mean(x * x, [-1], True) + ${epsilon}) * w).to(${type})
            def embed(self, ids: Tensor, w: Tensor) -> Tensor:
              return torch.embedding(w, ids).to(6)
            def frame(self, positions: Tensor, cos: Tensor, sin: Tensor) -> List[Tensor]:
              b = positions.size(0)
              t = positions.size(1)
              flat = positions.view([-1])
              columns = torch.arange(int(positions.max()) + 1)
              hidden = columns.view([1, 1, 1, -1]) > positions.view([b, 1, t, 1])
              mask = torch.zeros(hidden.size(), dtype=6).masked_fill_(hidden, -inf)
              return [cos.index_select(0, flat).view([b, t, 1, -1]), sin.index_select(0, flat).view([b, t, 1, -1]), mask]
            def logits(self, x: Tensor, norm: Tensor, w: Tensor) -> Tensor:
              return self.product(self.rms(x, norm), w).to(6)
            def last_logits(self, x: Tensor, norm: Tensor, w: Tensor) -> Tensor:
              return self.logits(x.select(1, -1), norm, w)
            def next_log_probabilities(self, x: Tensor, norm: Tensor, w: Tensor, next: Tensor) -> Tensor:
              z = self.logits(x, norm, w).to(7)
              return z.gather(1, next.unsqueeze(1)).squeeze(1) - torch.logsumexp(z, [1])
            def half_turn(self, x: Tensor) -> Tensor:
              half = x.size(-1) // 2
              return torch.cat([-x.narrow(-1, half, half), x.narrow(-1, 0, half)], -1)
            def cached(self, cache: Tensor, slots: Tensor, length: int) -> Tensor:
              n = slots.size(0)
              first = int(slots[0])
              filled = cache.narrow(2, 0, length)
              if int(slots[n - 1]) - first == n - 1:
                chosen = filled.narrow(0, first, n)
              else:
                chosen = filled.index_select(0, slots)
              return chosen.reshape([n * ${kv}, length, ${size}])
            def attention(self, qkv: Tensor, keys: Tensor, values: Tensor, cos: Tensor, sin: Tensor, slots: Tensor, positions: Tensor, mask: Tensor) -> Tensor:
              b = positions.size(0)
              t = positions.size(1)
              length = mask.size(3)
              x = qkv.view([b, t, ${heads} + 2 * ${kv}, ${size}])
              qk = x.narrow(2, 0, ${heads} + ${kv})
              qk = (qk * cos + self.half_turn(qk) * sin).to(${type})
              keys[slots.unsqueeze(1), :, positions] = qk.narrow(2, ${heads}, ${kv})
              values[slots.unsqueeze(1), :, positions] = x.narrow(2, ${heads} + ${kv}, ${kv})
              q = qk.narrow(2, 0, ${heads}).reshape([b, t, ${kv}, ${groups}, ${size}]).permute([0, 2, 3, 1, 4]).reshape([b * ${kv}, ${groups} * t, ${size}])
              scores = torch.bmm(q, self.cached(keys, slots, length).transpose(1, 2)).view([b, ${heads}, t, length])
              p = torch.softmax(torch.add(mask, scores, alpha=${scale}), -1).to(${type})
              out = torch.bmm(p.view([b * ${kv}, ${groups} * t, length]), self.cached(values, slots, length))
              return out.view([b, ${kv}, ${groups}, t, ${size}]).permute([0, 3, 1, 2, 4]).reshape([b * t, ${heads} * ${size}])
            def adapted(self, x: Tensor, w: Tensor, a: Tensor, b: Tensor) -> Tensor:
              return torch.addmm(self.product(x, w), torch.linear(x, a), b.t())
            """);

    private static final ScriptTemplate BLOCK = new ScriptTemplate("""
            def ${name}(self, x: Tensor, n1: Tensor, wqkv: Tensor, wo: Tensor, n2: Tensor, wgu: Tensor, wd: Tensor, keys: Tensor, values: Tensor, cos: Tensor, sin: Tensor, slots: Tensor, positions: Tensor, mask: Tensor${adapter}) -> Tensor:
              rows = x.view([-1, ${hidden}])
              n = self.rms(rows, n1)
              out = self.attention(${qkv}, keys, values, cos, sin, slots, positions, mask)
              h = rows + ${output}
              n = self.rms(h, n2)
              gu = ${gate}
              act = torch.silu(gu.narrow(1, 0, ${inner})) * gu.narrow(1, ${inner}, ${inner})
              return (h + ${down}).view(x.size())
            """);

    private DecoderProgram() {}

    static String of(ModelConfiguration model, ComputeType type, MatrixProduct product) {
        return product.text()
                + finish(SHARED, model, type)
                + finish(plain(), model, type)
                + finish(adapted(), model, type);
    }

    private static ScriptTemplate plain() {
        return BLOCK.with("name", "block")
                .with("adapter", "")
                .with("qkv", "self.product(n, wqkv)")
                .with("output", "self.product(out, wo)")
                .with("gate", "self.product(n, wgu)")
                .with("down", "self.product(act, wd)");
    }

    private static ScriptTemplate adapted() {
        return BLOCK.with("name", "adapted_block")
                .with(
                        "adapter",
                        ", aqkv: Tensor, bqkv: Tensor, ao: Tensor, bo: Tensor, agu: Tensor, bgu: Tensor, ad: Tensor, bd: Tensor")
                .with("qkv", "self.adapted(n, wqkv, aqkv, bqkv)")
                .with("output", "self.adapted(out, wo, ao, bo)")
                .with("gate", "self.adapted(n, wgu, agu, bgu)")
                .with("down", "self.adapted(act, wd, ad, bd)");
    }

    private static String finish(ScriptTemplate template, ModelConfiguration model, ComputeType type) {
        return template.with("type", type.torchCode())
                .with("epsilon", model.normEpsilon())
                .with("hidden", model.hiddenSize())
                .with("heads", model.heads())
                .with("kv", model.keyValueHeads())
                .with("groups", model.heads() / model.keyValueHeads())
                .with("size", model.headSize())
                .with("scale", 1 / Math.sqrt(model.headSize()))
                .with("inner", model.intermediateSize())
                .finished();
    }
}
