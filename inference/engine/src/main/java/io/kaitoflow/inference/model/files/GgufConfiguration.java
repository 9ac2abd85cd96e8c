package io.kaitoflow.inference.model.files;

import io.kaitoflow.inference.model.Architecture;
import io.kaitoflow.inference.model.ModelConfiguration;
import io.kaitoflow.inference.model.ModelException;
import io.kaitoflow.inference.model.RotaryEmbedding;
import io.kaitoflow.inference.weights.GgufFile;
import io.kaitoflow.inference.weights.GgufMetadata;

/** Reads a {@link ModelConfiguration} from the metadata of a GGUF file. */
public final class GgufConfiguration {
    private static final double DEFAULT_THETA = 10_000;

    private GgufConfiguration() {}

    public static ModelConfiguration read(GgufFile file) {
        GgufMetadata metadata = file.metadata();
        String prefix = metadata.text("general.architecture");
        if (!prefix.equals(Architecture.LLAMA.modelType())) {
            throw new ModelException("The GGUF file " + file.path() + " holds a model of architecture " + prefix
                    + "; from GGUF files this engine runs llama. Use the model's folder with safetensors files.");
        }
        refuseScaledRotation(file, prefix);
        int hidden = whole(metadata, prefix + ".embedding_length");
        int heads = whole(metadata, prefix + ".attention.head_count");
        return new ModelConfiguration(
                Architecture.LLAMA,
                Math.toIntExact(file.tensor("token_embd.weight").shape().getFirst()),
                hidden,
                whole(metadata, prefix + ".feed_forward_length"),
                whole(metadata, prefix + ".block_count"),
                heads,
                metadata.findWhole(prefix + ".attention.head_count_kv")
                        .map(Math::toIntExact)
                        .orElse(heads),
                whole(metadata, prefix + ".context_length"),
                metadata.real(prefix + ".attention.layer_norm_rms_epsilon"),
                new RotaryEmbedding(
                        metadata.findReal(prefix + ".rope.freq_base").orElse(DEFAULT_THETA),
                        metadata.findWhole(prefix + ".attention.key_length")
                                .map(Math::toIntExact)
                                .orElse(hidden / heads)),
                !file.has("output.weight"));
    }

    private static int whole(GgufMetadata metadata, String key) {
        return Math.toIntExact(metadata.whole(key));
    }

    private static void refuseScaledRotation(GgufFile file, String prefix) {
        String scaling = file.metadata().findText(prefix + ".rope.scaling.type").orElse("none");
        if (!scaling.equals("none") || file.has("rope_freqs.weight")) {
            throw new ModelException("The model in " + file.path() + " scales its rotary embedding (" + scaling
                    + "), which this engine does not do. Use a model without rope scaling.");
        }
    }
}
