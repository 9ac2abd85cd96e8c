package io.kaitoflow.inference.model;

import static io.kaitoflow.inference.model.BlockVector.ATTENTION_NORM;
import static io.kaitoflow.inference.model.BlockVector.ATTENTION_OUTPUT_NORM;
import static io.kaitoflow.inference.model.BlockVector.FEED_FORWARD_NORM;
import static io.kaitoflow.inference.model.BlockVector.FEED_FORWARD_OUTPUT_NORM;
import static io.kaitoflow.inference.model.BlockVector.HEAD_NORM;
import static io.kaitoflow.inference.model.BlockVector.QKV_BIAS;
import static io.kaitoflow.inference.model.Projection.ATTENTION_OUTPUT;
import static io.kaitoflow.inference.model.Projection.DOWN;
import static io.kaitoflow.inference.model.Projection.GATE_UP;
import static io.kaitoflow.inference.model.Projection.QKV;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The families of decoders that the engine runs. What sets them apart is data: which vectors a block has, how its matrices
 * are cut into modules, and the numbers in {@link DecoderTraits}.
 */
public enum Architecture {
    LLAMA("LlamaForCausalLM", "llama", Modules.SEPARATE),
    MISTRAL("MistralForCausalLM", "mistral", Modules.SEPARATE),
    QWEN2("Qwen2ForCausalLM", "qwen2", Modules.SEPARATE, QKV_BIAS),
    QWEN3("Qwen3ForCausalLM", "qwen3", Modules.SEPARATE, HEAD_NORM),
    PHI3("Phi3ForCausalLM", "phi3", Modules.FUSED),
    GEMMA2("Gemma2ForCausalLM", "gemma2", Modules.SEPARATE, ATTENTION_OUTPUT_NORM, FEED_FORWARD_OUTPUT_NORM),
    GEMMA3(
            "Gemma3ForCausalLM",
            "gemma3_text",
            Modules.SEPARATE,
            HEAD_NORM,
            ATTENTION_OUTPUT_NORM,
            FEED_FORWARD_OUTPUT_NORM);

    private final String className;
    private final String modelType;
    private final Modules modules;
    private final Set<BlockVector> vectors;

    Architecture(String className, String modelType, Modules modules, BlockVector... more) {
        this.className = className;
        this.modelType = modelType;
        this.modules = modules;
        EnumSet<BlockVector> all = EnumSet.of(ATTENTION_NORM, FEED_FORWARD_NORM);
        Collections.addAll(all, more);
        this.vectors = Collections.unmodifiableSet(all);
    }

    /** How the checkpoint cuts a block's fused matrices into linear modules. */
    private enum Modules {
        SEPARATE,
        FUSED
    }

    /** The name in {@code config.json}'s {@code model_type}, for example {@code llama}. */
    public String modelType() {
        return modelType;
    }

    /** The {@link #modelType()} of every family that runs. */
    public static List<String> modelTypes() {
        return Arrays.stream(values()).map(Architecture::modelType).toList();
    }

    /** The vectors of a block, in the order in which programs take them. */
    public Set<BlockVector> vectors() {
        return vectors;
    }

    public boolean has(BlockVector vector) {
        return vectors.contains(vector);
    }

    /** What the stored weights of norms leave out: Gemma stores them around zero and adds one. */
    double normOffset() {
        return isGemma() ? 1 : 0;
    }

    /** Whether embeddings are multiplied by the root of the hidden size. */
    public boolean scalesEmbeddings() {
        return isGemma();
    }

    private boolean isGemma() {
        return this == GEMMA2 || this == GEMMA3;
    }

    List<LinearPart> linearParts(ModelConfiguration model) {
        int hidden = model.hiddenSize();
        LinearPart output = new LinearPart("self_attn.o_proj", ATTENTION_OUTPUT, 0, hidden, model.queryWidth());
        LinearPart down = new LinearPart("mlp.down_proj", DOWN, 0, hidden, model.intermediateSize());
        return switch (modules) {
            case SEPARATE -> separate(model, output, down);
            case FUSED ->
                List.of(
                        new LinearPart("self_attn.qkv_proj", QKV, 0, model.outputs(QKV), hidden),
                        output,
                        new LinearPart("mlp.gate_up_proj", GATE_UP, 0, model.outputs(GATE_UP), hidden),
                        down);
        };
    }

    private static List<LinearPart> separate(ModelConfiguration model, LinearPart output, LinearPart down) {
        int hidden = model.hiddenSize();
        int query = model.queryWidth();
        int keyValue = model.keyValueWidth();
        int intermediate = model.intermediateSize();
        return List.of(
                new LinearPart("self_attn.q_proj", QKV, 0, query, hidden),
                new LinearPart("self_attn.k_proj", QKV, query, keyValue, hidden),
                new LinearPart("self_attn.v_proj", QKV, query + keyValue, keyValue, hidden),
                output,
                new LinearPart("mlp.gate_proj", GATE_UP, 0, intermediate, hidden),
                new LinearPart("mlp.up_proj", GATE_UP, intermediate, intermediate, hidden),
                down);
    }

    /**
     * The family named by {@code config.json}: {@code LlamaForCausalLM} or {@code llama}.
     *
     * @throws ModelException for any other name, with the list of those that run
     */
    public static Architecture named(String name) {
        return Arrays.stream(values())
                .filter(architecture -> name.equals(architecture.className) || name.equals(architecture.modelType))
                .findFirst()
                .orElseThrow(() -> new ModelException("The model's architecture is " + name
                        + ", which this engine does not run. It runs " + supported() + "."));
    }

    private static String supported() {
        return Arrays.stream(values())
                .map(architecture -> architecture.className + " (" + architecture.modelType + ")")
                .collect(Collectors.joining(", "));
    }
}
