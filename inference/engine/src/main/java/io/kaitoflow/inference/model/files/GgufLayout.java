package io.kaitoflow.inference.model.files;

import io.kaitoflow.inference.model.Architecture;
import io.kaitoflow.inference.model.ModelException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How llama.cpp calls the tensors of a decoder, and in which order it keeps the rows of query and key matrices. */
public final class GgufLayout {
    private static final Pattern PUBLIC_BLOCK = Pattern.compile("model\\.layers\\.(\\d+)\\.(.+)\\.weight");
    private static final Pattern STORED_BLOCK = Pattern.compile("blk\\.(\\d+)\\.(.+)\\.weight");

    private static final Map<String, String> TOP_NAMES = Map.of(
            "model.embed_tokens.weight",
            "token_embd.weight",
            "model.norm.weight",
            "output_norm.weight",
            "lm_head.weight",
            "output.weight");

    private static final Map<String, String> MODULE_NAMES = Map.ofEntries(
            Map.entry("input_layernorm", "attn_norm"),
            Map.entry("self_attn.q_proj", "attn_q"),
            Map.entry("self_attn.k_proj", "attn_k"),
            Map.entry("self_attn.v_proj", "attn_v"),
            Map.entry("self_attn.qkv_proj", "attn_qkv"),
            Map.entry("self_attn.o_proj", "attn_output"),
            Map.entry("post_attention_layernorm", "ffn_norm"),
            Map.entry("mlp.gate_proj", "ffn_gate"),
            Map.entry("mlp.up_proj", "ffn_up"),
            Map.entry("mlp.down_proj", "ffn_down"));

    /** Of the families that cut gate and up apart; the fused module shares its stored name with one of them. */
    private static final Map<String, String> PUBLIC_MODULES = inverse(MODULE_NAMES);

    private static final Map<String, String> PUBLIC_TOPS = inverse(TOP_NAMES);

    private GgufLayout() {}

    /**
     * The name in the file.
     *
     * @throws ModelException if no file of llama.cpp has such a tensor
     */
    public static String storedName(String publicName) {
        Matcher block = PUBLIC_BLOCK.matcher(publicName);
        Optional<String> stored = block.matches()
                ? storedModule(block.group(2)).map(module -> "blk." + block.group(1) + "." + module + ".weight")
                : Optional.ofNullable(TOP_NAMES.get(publicName));
        return stored.orElseThrow(() -> new ModelException("No tensor " + publicName + " in a GGUF file."));
    }

    private static Optional<String> storedModule(String module) {
        return module.equals("mlp.gate_up_proj")
                ? Optional.of("ffn_up")
                : Optional.ofNullable(MODULE_NAMES.get(module));
    }

    /**
     * The inverse for the Llama family.
     *
     * @throws ModelException if that family has no such tensor
     */
    public static String publicName(String storedName) {
        Matcher block = STORED_BLOCK.matcher(storedName);
        Optional<String> found = block.matches()
                ? Optional.ofNullable(PUBLIC_MODULES.get(block.group(2)))
                        .map(module -> "model.layers." + block.group(1) + "." + module + ".weight")
                : Optional.ofNullable(PUBLIC_TOPS.get(storedName));
        return found.orElseThrow(() -> new ModelException(
                "The GGUF file has a tensor " + storedName + ", which a model of the llama family does not have."));
    }

    /** How {@code general.architecture} names the family. */
    public static String architecture(Architecture architecture) {
        return switch (architecture) {
            case LLAMA, MISTRAL -> "llama";
            case QWEN2 -> "qwen2";
            case QWEN3 -> "qwen3";
            case PHI3 -> "phi3";
            case GEMMA2 -> "gemma2";
            case GEMMA3 -> "gemma3";
        };
    }

    /** Whether the rows of this tensor lie in another order than in the public form. */
    public static boolean isReordered(Architecture architecture, String publicName) {
        return switch (architecture) {
            case LLAMA, MISTRAL -> publicName.endsWith("q_proj.weight") || publicName.endsWith("k_proj.weight");
            case QWEN2, QWEN3, PHI3, GEMMA2, GEMMA3 -> false;
        };
    }

    /** llama.cpp turns neighbouring pairs of a head, the public form turns its halves: row (half, j) is stored at (j, half). */
    public static long storedRow(long publicRow, int headSize) {
        long within = publicRow % headSize;
        int half = headSize / 2;
        return publicRow - within + 2 * (within % half) + within / half;
    }

    /** The inverse of {@link #storedRow}. */
    public static int publicRow(int storedRow, int headSize) {
        int within = storedRow % headSize;
        return storedRow - within + within % 2 * (headSize / 2) + within / 2;
    }

    private static Map<String, String> inverse(Map<String, String> names) {
        return names.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getValue, Map.Entry::getKey));
    }
}
