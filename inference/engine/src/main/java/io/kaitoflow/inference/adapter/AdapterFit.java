package io.kaitoflow.inference.adapter;

import io.kaitoflow.inference.model.ModelException;
import io.kaitoflow.inference.weights.SafetensorsFile;
import io.kaitoflow.inference.weights.TensorEntry;
import io.kaitoflow.presets.ModelShape;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether an adapter fits a model, as far as their sizes tell; neither's values are read.
 *
 * @param model for messages
 * @param shape of the model
 */
public record AdapterFit(String model, ModelShape shape) {

    private static final Pattern MATRIX = Pattern.compile(
            "base_model\\.model\\.(?<name>model\\.layers\\.(?<layer>\\d{1,6})\\.\\w+\\.(?<module>\\w+)\\.lora_(?<side>[AB]))\\.weight");

    /**
     * Reads both files of a PEFT adapter.
     *
     * @throws ModelException that says what the engine does not do, or which matrix does not fit
     * @throws io.kaitoflow.inference.weights.WeightFileException when the weights are damaged
     */
    public void check(Path configuration, Path weights) {
        int rank = AdapterConfiguration.read(configuration).rank();
        try (SafetensorsFile file = SafetensorsFile.open(weights)) {
            if (file.tensors().isEmpty()) {
                throw new ModelException("adapter_model.safetensors holds no matrix.");
            }
            file.tensors().forEach(tensor -> check(tensor, rank));
        }
    }

    private void check(TensorEntry tensor, int rank) {
        Matcher matrix = MATRIX.matcher(tensor.name());
        if (!matrix.matches() || tensor.shape().size() != 2) {
            throw new ModelException("its tensor " + tensor.name() + " " + tensor.shape()
                    + " is no LoRA matrix of a decoder's linear module. Save the adapter with PEFT.");
        }
        String name = matrix.group("name");
        if (Integer.parseInt(matrix.group("layer")) >= shape.layers()) {
            throw misfit(name + " is of a layer that the model, which has " + shape.layers() + ", does not have");
        }
        boolean down = matrix.group("side").equals("A");
        require(name, down ? "rows" : "columns", tensor.shape().get(down ? 0 : 1), OptionalInt.of(rank));
        require(
                name,
                down ? "columns" : "rows",
                tensor.shape().get(down ? 1 : 0),
                down ? inputs(matrix.group("module")) : outputs(matrix.group("module")));
    }

    private void require(String name, String what, long found, OptionalInt needed) {
        if (needed.isPresent() && needed.getAsInt() != found) {
            throw misfit(name + " has " + found + " " + what + " where " + needed.getAsInt() + " are needed");
        }
    }

    private ModelException misfit(String evidence) {
        return new ModelException("it does not fit " + model + ": " + evidence
                + ". Name the base model that the adapter was trained on.");
    }

    /** Empty for a module whose name is not known; the server will judge it. */
    private OptionalInt inputs(String module) {
        return switch (module) {
            case "q_proj", "k_proj", "v_proj", "qkv_proj", "gate_proj", "up_proj", "gate_up_proj" ->
                OptionalInt.of(shape.hidden());
            case "o_proj" -> OptionalInt.of(shape.heads() * shape.headSize());
            case "down_proj" -> OptionalInt.of(shape.intermediate());
            default -> OptionalInt.empty();
        };
    }

    private OptionalInt outputs(String module) {
        int query = shape.heads() * shape.headSize();
        int keyValue = shape.keyValueHeads() * shape.headSize();
        return switch (module) {
            case "q_proj" -> OptionalInt.of(query);
            case "k_proj", "v_proj" -> OptionalInt.of(keyValue);
            case "qkv_proj" -> OptionalInt.of(query + 2 * keyValue);
            case "o_proj", "down_proj" -> OptionalInt.of(shape.hidden());
            case "gate_proj", "up_proj" -> OptionalInt.of(shape.intermediate());
            case "gate_up_proj" -> OptionalInt.of(2 * shape.intermediate());
            default -> OptionalInt.empty();
        };
    }
}
