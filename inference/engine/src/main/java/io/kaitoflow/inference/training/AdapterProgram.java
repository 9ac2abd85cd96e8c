package io.kaitoflow.inference.training;

import io.kaitoflow.inference.model.LinearPart;
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
 * (outputs, k rank). It costs a few multiplications by zero and saves two thirds of the small products.
 */
final class AdapterProgram {
    private static final ScriptTemplate PLAIN = new ScriptTemplate("""
            def ${name}(self, x: Tensor, w: Tensor, l: Tensor) -> Tensor:
              return torch.linear(x, w)
            def ${name}_backward(self, x: Tensor, w: Tensor, l: Tensor, dy: Tensor) -> Tuple[Tensor, Tensor]:
              return (torch.mm(dy, w), torch.zeros([0], dtype=6))
            """);

    private static final ScriptTemplate ADAPTED = new ScriptTemplate("""
            def ${name}_a(self, l: Tensor) -> Tensor:
              return l.narrow(0, ${offset}, ${stacked} * ${inputs}).view([${stacked}, ${inputs}])
            def ${name}_b(self, l: Tensor) -> Tensor:
              b = torch.zeros([${outputs}, ${stacked}], dtype=${type})
            ${fill}
              return b
            def ${name}(self, x: Tensor, w: Tensor, l: Tensor) -> Tensor:
              low = torch.linear(x, self.${name}_a(l))
              return torch.addmm(torch.linear(x, w), low, self.${name}_b(l).t(), alpha=${scaling})
            def ${name}_backward(self, x: Tensor, w: Tensor, l: Tensor, dy: Tensor) -> Tuple[Tensor, Tensor]:
              a = self.${name}_a(l)
              low = torch.linear(x, a)
              dlow = torch.mm(dy, self.${name}_b(l)) * ${scaling}
              da = torch.mm(dlow.t(), x)
              db = torch.mm(dy.t(), low) * ${scaling}
              dx = torch.addmm(torch.mm(dy, w), dlow, a)
              return (dx, torch.cat([da.reshape([-1]), ${pick}]).to(6))
            """);

    private static final ScriptTemplate BLOCK =
            new ScriptTemplate("narrow(0, ${row}, ${rows}).narrow(1, ${column}, ${rank})");

    private static final ScriptTemplate FILL = new ScriptTemplate(
            "  b.${block}.copy_(l.narrow(0, ${offset}, ${rows} * ${rank}).view([${rows}, ${rank}]))");

    private AdapterProgram() {}

    static String of(Projection projection, ModelConfiguration model, LoraLayout lora, ComputeType type) {
        List<Module> modules = lora.modules(projection);
        ScriptTemplate template = modules.isEmpty()
                ? PLAIN
                : ADAPTED.with("offset", modules.getFirst().offsetA())
                        .with("stacked", modules.size() * lora.rank())
                        .with("inputs", model.inputs(projection))
                        .with("outputs", model.outputs(projection))
                        .with("type", type.torchCode())
                        .with("scaling", lora.scaling())
                        .with("fill", perModule(modules, "\n", (module, i) -> fill(module, i, lora.rank())))
                        .with("pick", perModule(modules, ", ", (module, i) -> pick(module.part(), i, lora.rank())));
        return template.with("name", projection.label()).finished();
    }

    private static String fill(Module module, int index, int rank) {
        return FILL.with("block", block(module.part(), index, rank))
                .with("offset", module.offsetB())
                .with("rows", module.part().rows())
                .with("rank", rank)
                .finished();
    }

    private static String pick(LinearPart part, int index, int rank) {
        return "db." + block(part, index, rank) + ".reshape([-1])";
    }

    /** The module's B on the block diagonal. */
    private static String block(LinearPart part, int index, int rank) {
        return BLOCK.with("row", part.firstRow())
                .with("rows", part.rows())
                .with("column", index * rank)
                .with("rank", rank)
                .finished();
    }

    private interface Text {
        String of(Module module, int index);
    }

    private static String perModule(List<Module> modules, String separator, Text text) {
        return IntStream.range(0, modules.size())
                .mapToObj(i -> text.of(modules.get(i), i))
                .collect(Collectors.joining(separator));
    }
}
