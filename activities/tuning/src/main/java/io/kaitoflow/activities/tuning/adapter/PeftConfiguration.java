package io.kaitoflow.activities.tuning.adapter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.core.util.Separators.Spacing;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaitoflow.workflows.request.QloraRecipe;
import java.util.Collection;
import java.util.List;

/** The text of {@code adapter_config.json}: every key that PEFT writes, in its order and spelling. */
final class PeftConfiguration {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The version whose keys these are; older ones refuse keys that they do not know. */
    private static final String VERSION = "0.21.2";

    private PeftConfiguration() {}

    static String of(QloraRecipe recipe, Collection<String> targets, String baseModel) {
        ObjectNode root = JSON.createObjectNode();
        root.putNull("alora_invocation_tokens");
        root.putObject("alpha_pattern");
        nulls(root, "arrow_config", "auto_mapping");
        root.put("base_model_name_or_path", baseModel);
        root.put("bias", "none");
        nulls(root, "corda_config");
        root.put("ensure_weight_tying", false);
        nulls(root, "eva_config", "exclude_modules");
        root.put("fan_in_fan_out", false).put("inference_mode", true).put("init_lora_weights", true);
        nulls(root, "kasa_config", "layer_replication", "layers_pattern", "layers_to_transform");
        root.putObject("loftq_config");
        putNumber(root, "lora_alpha", recipe.alpha());
        root.put("lora_bias", false).put("lora_dropout", recipe.dropout());
        nulls(root, "lora_ga_config", "megatron_config");
        root.put("megatron_core", "megatron.core");
        nulls(root, "modules_to_save", "monteclora_config");
        root.put("peft_type", "LORA").put("peft_version", VERSION).put("qalora_group_size", 16);
        root.put("r", recipe.rank());
        root.putObject("rank_pattern");
        nulls(root, "revision");
        targets.stream().sorted().forEach(root.putArray("target_modules")::add);
        nulls(root, "target_parameters");
        root.put("task_type", "CAUSAL_LM");
        nulls(root, "trainable_token_indices", "use_bdlora");
        root.put("use_dora", false).put("use_qalora", false).put("use_rslora", recipe.rankStabilised());
        nulls(root, "velora_config");
        return text(root);
    }

    private static void nulls(ObjectNode root, String... names) {
        List.of(names).forEach(root::putNull);
    }

    /** Whole numbers without a fraction, as Python's integers print. */
    private static void putNumber(ObjectNode root, String name, double value) {
        if (value == Math.rint(value)) {
            root.put(name, (long) value);
        } else {
            root.put(name, value);
        }
    }

    private static String text(ObjectNode root) {
        var lines = new DefaultIndenter("  ", "\n");
        var printer = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                        .withObjectFieldValueSpacing(Spacing.AFTER)
                        .withObjectEmptySeparator("")
                        .withArrayEmptySeparator(""))
                .withObjectIndenter(lines)
                .withArrayIndenter(lines);
        try {
            return JSON.writer(printer).writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of texts and numbers always serialises", e);
        }
    }
}
