package io.kaitoflow.bridge.training;

import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.ComputeType;
import io.kaitoflow.workflows.request.QloraRecipe;
import io.kaitoflow.workflows.request.TuningMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code LoraConfig} and {@code QuantizationConfig}. */
record LoraSections(Section lora, Section quantisation, TuningMethod method) {

    private static final Map<String, ComputeType> COMPUTE_TYPES =
            Map.of("bfloat16", ComputeType.BF16, "float32", ComputeType.FP32, "float16", ComputeType.FP16);

    QloraRecipe read() {
        QloraRecipe usual = QloraRecipe.defaults();
        checkQuantisation();
        lora.choice("bias", "none", Map.of("none", "none"));
        return new QloraRecipe(
                lora.whole("r", usual.rank(), 1),
                lora.number("lora_alpha", usual.alpha(), alpha -> alpha > 0, "must be above 0"),
                lora.number("lora_dropout", usual.dropout(), p -> p >= 0 && p < 1, "must be at least 0 and below 1"),
                targetModules(),
                lora.flag("use_rslora", usual.rankStabilised()),
                computeType(usual.computeType()),
                quantisation.flag("bnb_4bit_use_double_quant", method == TuningMethod.QLORA),
                initialAdapter());
    }

    private Optional<ImageReference> initialAdapter() {
        try {
            return lora.text("initial_adapter").map(ImageReference::parse);
        } catch (IllegalArgumentException noImage) {
            lora.refuse(
                    "initial_adapter",
                    "must be the image of an adapter",
                    "Write registry/repository:tag of one that was pushed before.");
            return Optional.empty();
        }
    }

    private ComputeType computeType(ComputeType usual) {
        ComputeType chosen = quantisation.choice("bnb_4bit_compute_dtype", usual, COMPUTE_TYPES);
        if (chosen == ComputeType.FP16) {
            quantisation.note("bnb_4bit_compute_dtype", "float16 is computed in float32 on a machine without a GPU");
        }
        return chosen;
    }

    private List<String> targetModules() {
        List<String> modules = lora.words("target_modules");
        return modules.equals(List.of("all-linear")) ? List.of() : modules;
    }

    private void checkQuantisation() {
        boolean fourBit = quantisation.flag("load_in_4bit", method == TuningMethod.QLORA);
        boolean eightBit = quantisation.flag("load_in_8bit", false);
        quantisation.choice("bnb_4bit_quant_type", "nf4", Map.of("nf4", "nf4"));
        if (fourBit && eightBit) {
            quantisation.refuse("load_in_8bit", "excludes load_in_4bit", "Remove load_in_8bit.");
        } else if (eightBit) {
            quantisation.refuse("load_in_8bit", "is not possible", "Write load_in_4bit: true and method qlora.");
        } else if (method == TuningMethod.LORA && fourBit) {
            quantisation.refuse("load_in_4bit", "excludes the method lora", "Write method: qlora, or remove the key.");
        } else if (method == TuningMethod.QLORA && !fourBit) {
            quantisation.refuse("load_in_4bit", "must be true for the method qlora", "Write true, or method: lora.");
        }
    }
}
