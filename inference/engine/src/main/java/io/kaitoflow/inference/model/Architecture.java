package io.kaitoflow.inference.model;

import static io.kaitoflow.inference.model.Projection.ATTENTION_OUTPUT;
import static io.kaitoflow.inference.model.Projection.DOWN;
import static io.kaitoflow.inference.model.Projection.GATE_UP;
import static io.kaitoflow.inference.model.Projection.QKV;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The families of decoders that the engine runs. What sets them apart is data: names and places of their matrices. */
public enum Architecture {
    LLAMA("LlamaForCausalLM", "llama") {
        @Override
        List<LinearPart> linearParts(ModelConfiguration model) {
            int hidden = model.hiddenSize();
            int query = model.queryWidth();
            int keyValue = model.keyValueWidth();
            int intermediate = model.intermediateSize();
            return List.of(
                    new LinearPart("self_attn.q_proj", QKV, 0, query, hidden),
                    new LinearPart("self_attn.k_proj", QKV, query, keyValue, hidden),
                    new LinearPart("self_attn.v_proj", QKV, query + keyValue, keyValue, hidden),
                    new LinearPart("self_attn.o_proj", ATTENTION_OUTPUT, 0, hidden, query),
                    new LinearPart("mlp.gate_proj", GATE_UP, 0, intermediate, hidden),
                    new LinearPart("mlp.up_proj", GATE_UP, intermediate, intermediate, hidden),
                    new LinearPart("mlp.down_proj", DOWN, 0, hidden, intermediate));
        }
    };

    private final String className;
    private final String modelType;

    Architecture(String className, String modelType) {
        this.className = className;
        this.modelType = modelType;
    }

    abstract List<LinearPart> linearParts(ModelConfiguration model);

    /**
     * The family named by {@code config.json} ({@code LlamaForCausalLM}) or by GGUF metadata ({@code llama}).
     *
     * @throws ModelException for any other name, with the list of those that run
     */
    public static Architecture named(String name) {
        return Arrays.stream(values())
                .filter(architecture -> name.equals(architecture.className) || name.equals(architecture.modelType))
                .findFirst()
                .orElseThrow(() -> new ModelException("The model's architecture is " + name
                        + ", which this engine does not" + " run. It runs " + supported() + "."));
    }

    private static String supported() {
        return Arrays.stream(values())
                .map(architecture -> architecture.className + " (" + architecture.modelType + ")")
                .collect(Collectors.joining(", "));
    }
}
