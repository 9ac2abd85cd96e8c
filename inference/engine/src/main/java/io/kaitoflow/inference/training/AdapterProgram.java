package io.kaitoflow.inference.training;

import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.Projection;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.ScriptTemplate;
import io.kaitoflow.inference.training.LoraLayout.Module;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Program text for one fused matrix with its adapters: {@code NAME(x, w, l)} and {@code NAME_backward(x, w, l, dy)}, where l
 * is the flat adapter vector of the block in the compute type.
 *
 * <p>The adapters of a fused matrix act as one: their A stacked (k rank, inputs), their B on a block diagonal
 * (outputs, k rank). It costs a few multiplications by zero and saves two thirds of the small products. With dropout each module
 * sees an input of its own, so they are taken one by one; {@code drop} then holds the kept elements of all modules' inputs.
 *
 * <p>What an adapter adds is small beside what the frozen matrix gives. It is computed first and the large product is added to
 * it, because that sum is rounded once: added to a product that is rounded already, half of it would be lost in bfloat16.
 */
final class AdapterProgram {
    private static final ScriptTemplate PLAIN = new ScriptTemplate("""
            def ${name}(self, x: Tensor, w: Tensor, l: Tensor${dropParameter}) -> Tensor:
              return torch.linear(x, w)
            def ${name}_backward(self, x: Tensor, w: Tensor, l: Tensor, dy: Tensor${dropParameter}) -> Tuple[Tensor, Tensor]:
              return (torch.mm(dy, w), l.new_zeros([0], dtype=6))
            """);

    private static final ScriptTemplate ADAPTED = new ScriptTemplate("""
            def ${name}_a(self, l: Tensor) -> Tensor:
              return l.narrow(0, ${offset}, ${stacked} * ${inputs}).view([${stacked}, ${inputs}])
            def ${name}_b(self, l: Tensor) -> Tensor:
            ${diagonal}
            def ${name}(self, x: Tensor, w: Tensor, l: Tensor) -> Tensor:
              low = torch.linear(x, self.${name}_a(l)) * ${scaling}
              return torch.linear(low, self.${name}_b(l)).addmm_(x, w.t())
            def ${name}_backward(self, x: Tensor, w: Tensor, l: Tensor, dy: Tensor) -> Tuple[Tensor, Tensor]:
              a = self.${name}_a(l)
              low = torch.linear(x, a)
              dlow = torch.mm(dy, self.${name}_b(l)) * ${scaling}
              da = torch.mm(dlow.t(), x)
              db = torch.mm(dy.t(), low) * ${scaling}
              dx = torch.mm(dlow, a).addmm_(dy, w)
              return (dx, torch.cat([da.reshape([-1]), ${pick}]).to(6))
            """);

    private static final ScriptTemplate DROPPED = new ScriptTemplate("""
            def ${name}(self, x: Tensor, w: Tensor, l: Tensor, drop: Tensor) -> Tensor:
              n = x.size(0)
              y = l.new_zeros([n, ${outputs}])
            ${forward}
              return y.addmm_(x, w.t())
            def ${name}_backward(self, x: Tensor, w: Tensor, l: Tensor, dy: Tensor, drop: Tensor) -> Tuple[Tensor, Tensor]:
              n = x.size(0)
              dx = l.new_zeros([n, ${inputs}])
            ${backward}
              return (dx.addmm_(dy, w), torch.cat([${gradientsA}, ${gradientsB}]).to(6))
            """);

    private static final ScriptTemplate KEPT =
            new ScriptTemplate("drop.narrow(0, n * ${place}, n * ${inputs}).view([n, ${inputs}])");
    private static final ScriptTemplate A =
            new ScriptTemplate("l.narrow(0, ${offsetA}, ${rank} * ${inputs}).view([${rank}, ${inputs}])");
    private static final ScriptTemplate B =
            new ScriptTemplate("l.narrow(0, ${offsetB}, ${rows} * ${rank}).view([${rows}, ${rank}])");

    private static final ScriptTemplate DROPPED_FORWARD = new ScriptTemplate("""
              low${i} = torch.linear(x * ${kept}, ${a})
              y.narrow(1, ${row}, ${rows}).addmm_(low${i}, ${b}.t(), alpha=${scaling})
            """);

    private static final ScriptTemplate DROPPED_BACKWARD = new ScriptTemplate("""
              kept${i} = ${kept}
              x${i} = x * kept${i}
              a${i} = ${a}
              dy${i} = dy.narrow(1, ${row}, ${rows})
              dlow${i} = torch.mm(dy${i}, ${b}) * ${scaling}
              da${i} = torch.mm(dlow${i}.t(), x${i})
              db${i} = torch.mm(dy${i}.t(), torch.linear(x${i}, a${i})) * ${scaling}
              dx = dx.add_(torch.mm(dlow${i}, a${i}) * kept${i})
            """);

    private static final ScriptTemplate BLOCK =
            new ScriptTemplate("narrow(0, ${row}, ${rows}).narrow(1, ${column}, ${rank})");

    private static final ScriptTemplate DIAGONAL = new ScriptTemplate("""
              b = l.new_zeros([${outputs}, ${stacked}])
            ${fill}
              return b""");

    private static final ScriptTemplate FILL = new ScriptTemplate("  b.${block}.copy_(${b})");

    private final Projection projection;
    private final ModelConfiguration model;
    private final LoraLayout lora;
    private final List<Module> modules;

    private AdapterProgram(Projection projection, ModelConfiguration model, LoraLayout lora) {
        this.projection = projection;
        this.model = model;
        this.lora = lora;
        this.modules = lora.modules(projection);
    }

    /** @param dropout share of the inputs that adapters do not see; 0 gives programs without {@code drop} */
    static String of(
            Projection projection, ModelConfiguration model, LoraLayout lora, ComputeType type, double dropout) {
        var program = new AdapterProgram(projection, model, lora);
        ScriptTemplate text = program.modules.isEmpty()
                ? PLAIN
                : dropout == 0 ? program.stacked(type) : program.dropped(type, dropout);
        return text.with("name", projection.label())
                .with("dropParameter", dropout == 0 ? "" : ", drop: Tensor")
                .finished();
    }

    private ScriptTemplate stacked(ComputeType type) {
        return ADAPTED.with("offset", modules.getFirst().offsetA())
                .with("stacked", modules.size() * lora.rank())
                .with("inputs", model.inputs(projection))
                .with("outputs", model.outputs(projection))
                .with("type", type.torchCode())
                .with("scaling", lora.scaling())
                .with("diagonal", diagonal())
                .with("pick", perModule(", ", this::pick));
    }

    private ScriptTemplate dropped(ComputeType type, double dropout) {
        // What is kept is made larger, so that the mean stays; the factor rides on the scaling.
        double scaling = lora.scaling() / (1 - dropout);
        return DROPPED.with("forward", perModule("", i -> alone(DROPPED_FORWARD, i, scaling)))
                .with("backward", perModule("", i -> alone(DROPPED_BACKWARD, i, scaling)))
                .with("inputs", model.inputs(projection))
                .with("outputs", model.outputs(projection))
                .with("type", type.torchCode())
                .with("gradientsA", perModule(", ", i -> "da" + i + ".reshape([-1])"))
                .with("gradientsB", perModule(", ", i -> "db" + i + ".reshape([-1])"));
    }

    private String alone(ScriptTemplate lines, int index, double scaling) {
        Module module = modules.get(index);
        return lines.with("kept", KEPT.text())
                .with("a", A.text())
                .with("b", B.text())
                .with("i", index)
                .with("place", lora.inputsBefore(module))
                .with("inputs", module.part().columns())
                .with("offsetA", module.offsetA())
                .with("offsetB", module.offsetB())
                .with("row", module.part().firstRow())
                .with("rows", module.part().rows())
                .with("rank", lora.rank())
                .with("scaling", scaling)
                .finished();
    }

    /** A module that is the whole matrix needs no copy of its B. */
    private String diagonal() {
        boolean whole = modules.getFirst().part().rows() == model.outputs(projection);
        return whole
                ? "  return " + b(0)
                : DIAGONAL.with("outputs", model.outputs(projection))
                        .with("stacked", modules.size() * lora.rank())
                        .with("fill", perModule("\n", this::fill))
                        .finished();
    }

    private String fill(int index) {
        return FILL.with("block", block(index)).with("b", b(index)).finished();
    }

    private String b(int index) {
        Module module = modules.get(index);
        return B.with("offsetB", module.offsetB())
                .with("rows", module.part().rows())
                .with("rank", lora.rank())
                .finished();
    }

    private String pick(int index) {
        return "db." + block(index) + ".reshape([-1])";
    }

    /** The module's B on the block diagonal. */
    private String block(int index) {
        Module module = modules.get(index);
        return BLOCK.with("row", module.part().firstRow())
                .with("rows", module.part().rows())
                .with("column", index * lora.rank())
                .with("rank", lora.rank())
                .finished();
    }

    private String perModule(String separator, java.util.function.IntFunction<String> text) {
        return IntStream.range(0, modules.size()).mapToObj(text).collect(Collectors.joining(separator));
    }
}
