package io.kaitoflow.inference.training;

import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.Projection;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.ScriptTemplate;

/**
 * Program text of one decoder block, forward and backward.
 *
 * <p>The backward pass is written by hand. It saves only what is dear to compute again (queries, keys, values, attention
 * output, the residual after attention, the feed-forward's inputs) and recomputes norms, probabilities and activations, so a
 * quantised weight need not stay dequantised between the passes.
 *
 * <p>B rows, T positions, D hidden, H query heads, K key and value heads, G = H/K, S head size, I intermediate. Attention
 * works on queries viewed as (B K, G T, S): each key head meets its G query heads in one product, so keys and values are
 * never expanded and their gradients come out summed.
 */
final class BlockProgram {
    /** Norm of rows in float32; the compute type takes over only at the matrices. */
    static final ScriptTemplate NORM = new ScriptTemplate("""
            def rms(self, x: Tensor, w: Tensor) -> Tensor:
              return (x * torch.rsqrt(torch.mean(x * x, [-1], True) + ${epsilon}) * w).to(${type})
            def rms_backward(self, x: Tensor, w: Tensor, dy: Tensor) -> Tensor:
              scale = torch.rsqrt(torch.mean(x * x, [-1], True) + ${epsilon})
              unit = x * scale
              dunit = dy * w
              return (dunit - unit * torch.mean(dunit * unit, [-1], True)) * scale
            """);

    private static final ScriptTemplate ATTENTION = new ScriptTemplate("""
            def half_turn(self, x: Tensor) -> Tensor:
              half = x.size(-1) // 2
              return torch.cat([-x.narrow(-1, half, half), x.narrow(-1, 0, half)], -1)
            def group(self, x: Tensor, b: int, t: int) -> Tensor:
              return x.reshape([b, t, ${kv}, ${groups}, ${size}]).permute([0, 2, 3, 1, 4]).reshape([b * ${kv}, ${groups} * t, ${size}])
            def ungroup(self, x: Tensor, b: int, t: int) -> Tensor:
              return x.view([b, ${kv}, ${groups}, t, ${size}]).permute([0, 3, 1, 2, 4]).reshape([b, t, ${heads}, ${size}])
            def spread(self, x: Tensor, b: int, t: int) -> Tensor:
              return x.view([b, ${kv}, t, ${size}]).transpose(1, 2)
            def probabilities(self, q: Tensor, k: Tensor, mask: Tensor, b: int, t: int) -> Tensor:
              scores = torch.bmm(q, k.transpose(1, 2)).view([b, ${heads}, t, t])
              p = torch.softmax(torch.add(mask, scores, alpha=${scale}), -1)
              return p.view([b * ${kv}, ${groups} * t, t])
            def attention_forward(self, qkv: Tensor, cos: Tensor, sin: Tensor, mask: Tensor) -> List[Tensor]:
              b = qkv.size(0)
              t = qkv.size(1)
              x = qkv.view([b, t, ${heads} + 2 * ${kv}, ${size}])
              qk = x.narrow(2, 0, ${heads} + ${kv})
              qk = (qk * cos.unsqueeze(1) + self.half_turn(qk) * sin.unsqueeze(1)).to(${type})
              q = self.group(qk.narrow(2, 0, ${heads}), b, t)
              k = qk.narrow(2, ${heads}, ${kv}).transpose(1, 2).reshape([b * ${kv}, t, ${size}])
              v = x.narrow(2, ${heads} + ${kv}, ${kv}).transpose(1, 2).reshape([b * ${kv}, t, ${size}])
              out = torch.bmm(self.probabilities(q, k, mask, b, t).to(${type}), v)
              return [q, k, v, self.ungroup(out, b, t).reshape([b * t, ${heads} * ${size}])]
            def attention_backward(self, q: Tensor, k: Tensor, v: Tensor, out: Tensor, dout: Tensor, cos: Tensor, sin: Tensor, mask: Tensor) -> Tensor:
              t = k.size(1)
              b = k.size(0) // ${kv}
              p = self.probabilities(q, k, mask, b, t)
              d = self.group(dout, b, t)
              along = torch.sum(d.to(6) * self.group(out, b, t), [-1], True)
              ds = (p * (torch.bmm(d, v.transpose(1, 2)) - along)).to(${type})
              dv = torch.bmm(p.to(${type}).transpose(1, 2), d)
              dq = torch.bmm(ds, k) * ${scale}
              dk = torch.bmm(ds.transpose(1, 2), q) * ${scale}
              dqk = torch.cat([self.ungroup(dq, b, t), self.spread(dk, b, t)], 2)
              dqk = (dqk * cos.unsqueeze(1) - self.half_turn(dqk) * sin.unsqueeze(1)).to(${type})
              return torch.cat([dqk, self.spread(dv, b, t)], 2).view([b * t, -1])
            """);

    private static final ScriptTemplate BLOCK = new ScriptTemplate("""
            def activation(self, gate_up: Tensor) -> Tensor:
              return torch.silu(gate_up.narrow(1, 0, ${inner})) * gate_up.narrow(1, ${inner}, ${inner})
            def activation_backward(self, gate_up: Tensor, dy: Tensor) -> Tensor:
              gate = gate_up.narrow(1, 0, ${inner})
              up = gate_up.narrow(1, ${inner}, ${inner})
              return torch.cat([torch.silu_backward(dy * up, gate), dy * torch.silu(gate)], 1)
            def forward_block(self, x: Tensor, n1: Tensor, wqkv: Tensor, wo: Tensor, n2: Tensor, wgu: Tensor, wd: Tensor, lora: Tensor, cos: Tensor, sin: Tensor, mask: Tensor) -> List[Tensor]:
              b = x.size(0)
              t = x.size(1)
              l = lora.to(${type})
              rows = x.view([b * t, -1])
              qkv = self.qkv(self.rms(rows, n1), wqkv, l)
              a = self.attention_forward(qkv.view([b, t, -1]), cos, sin, mask)
              h = rows + self.attention_output(a[3], wo, l)
              gate_up = self.gate_up(self.rms(h, n2), wgu, l)
              y = h + self.down(self.activation(gate_up), wd, l)
              return [y.view([b, t, -1]), a[0], a[1], a[2], a[3], h, gate_up]
            def backward_block(self, x: Tensor, q: Tensor, k: Tensor, v: Tensor, out: Tensor, h: Tensor, gate_up: Tensor, dy: Tensor, n1: Tensor, wqkv: Tensor, wo: Tensor, n2: Tensor, wgu: Tensor, wd: Tensor, lora: Tensor, cos: Tensor, sin: Tensor, mask: Tensor) -> List[Tensor]:
              l = lora.to(${type})
              rows = x.view([h.size(0), -1])
              dh = dy.reshape([h.size(0), -1])
              dact, ldown = self.down_backward(self.activation(gate_up), wd, l, dh.to(${type}))
              dnorm2, lgu = self.gate_up_backward(self.rms(h, n2), wgu, l, self.activation_backward(gate_up, dact))
              dh = dh + self.rms_backward(h, n2, dnorm2)
              dout, lo = self.attention_output_backward(out, wo, l, dh.to(${type}))
              dqkv = self.attention_backward(q, k, v, out, dout, cos, sin, mask)
              dnorm1, lqkv = self.qkv_backward(self.rms(rows, n1), wqkv, l, dqkv)
              dx = dh + self.rms_backward(rows, n1, dnorm1)
              return [dx.view(x.size()), torch.cat([lqkv, lo, lgu, ldown])]
            """);

    private BlockProgram() {}

    static String of(ModelConfiguration model, LoraLayout lora, ComputeType type) {
        var text = new StringBuilder();
        for (Projection projection : Projection.values()) {
            text.append(AdapterProgram.of(projection, model, lora, type));
        }
        return text + finish(NORM, model, type) + finish(ATTENTION, model, type) + finish(BLOCK, model, type);
    }

    /** Puts the model's numbers in. */
    static String finish(ScriptTemplate template, ModelConfiguration model, ComputeType type) {
        return template.with("type", type.torchCode())
                .with("epsilon", model.normEpsilon())
                .with("heads", model.heads())
                .with("kv", model.keyValueHeads())
                .with("groups", model.heads() / model.keyValueHeads())
                .with("size", model.headSize())
                .with("scale", 1 / Math.sqrt(model.headSize()))
                .with("inner", model.intermediateSize())
                .finished();
    }
}
