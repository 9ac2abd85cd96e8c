package io.kaitoflow.bridge.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.kaitoflow.bridge.refusal.Findings;
import io.kaitoflow.bridge.yaml.YamlText;
import io.kaitoflow.presets.NearestNames;
import io.kaitoflow.workflows.request.TrainingRecipe;
import io.kaitoflow.workflows.request.TuningMethod;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Reads a {@code training_config.yaml} over the defaults. */
public final class TrainingConfigReader {

    /** The key of the ConfigMap. */
    public static final String KEY = "training_config.yaml";

    private static final String TOP = "training_config";
    private static final List<String> SECTIONS = List.of(
            "ModelConfig", "QuantizationConfig", "LoraConfig", "TrainingArguments", "DatasetConfig", "DataCollator");

    private final Map<String, KeyRules> rules = KeyRules.load();

    /**
     * @param files the ConfigMap's keys and texts; {@link #KEY} is among them
     * @param path of the field that names the ConfigMap, for messages
     * @return the recipe; meaningless when something was refused
     */
    public TrainingRecipe read(Map<String, String> files, TuningMethod method, String path, Findings findings) {
        String base = path + ": " + KEY;
        JsonNode sections =
                sections(files.getOrDefault(KEY, ""), base, findings).orElse(MissingNode.getInstance());
        judgeSections(sections, base, findings);
        Section model = section("ModelConfig", sections, base, findings);
        Section quantisation = section("QuantizationConfig", sections, base, findings);
        Section lora = section("LoraConfig", sections, base, findings);
        Section arguments = section("TrainingArguments", sections, base, findings);
        Section dataset = section("DatasetConfig", sections, base, findings);
        Section collator = section("DataCollator", sections, base, findings);
        ArgumentsSection reading = new ArgumentsSection(arguments, findings);
        TrainingRecipe recipe = new TrainingRecipe(
                new LoraSections(lora, quantisation, method).read(),
                reading.optimiser(),
                new DataSections(dataset, arguments, model, files).read(),
                reading.cadence());
        List.of(model, quantisation, lora, arguments, dataset, collator)
                .forEach(section -> section.judgeOthers(Objects.requireNonNull(rules.get(section.name()))));
        return recipe;
    }

    private static Optional<JsonNode> sections(String text, String base, Findings findings) {
        String cure = "Write " + TOP + ": with the sections " + String.join(", ", SECTIONS) + ".";
        try {
            List<JsonNode> documents = new YamlText(text).documents();
            if (documents.size() == 1
                    && documents.getFirst().path(TOP).isObject()
                    && documents.getFirst().size() == 1) {
                return Optional.of(documents.getFirst().get(TOP));
            }
            findings.refuse(base, "", "must have the one top key " + TOP, cure);
        } catch (YamlText.BrokenYamlException e) {
            findings.refuse(base, "", "is not YAML: " + e.getMessage(), "Correct that place.");
        }
        return Optional.empty();
    }

    private static void judgeSections(JsonNode sections, String base, Findings findings) {
        sections.properties().forEach(section -> {
            String name = section.getKey();
            if (!SECTIONS.contains(name)) {
                findings.refuse(
                        base + "." + name,
                        "",
                        "is not a section" + NearestNames.of(SECTIONS).suggestion(name),
                        "The sections are " + String.join(", ", SECTIONS) + ".");
            } else if (!section.getValue().isObject() && !section.getValue().isNull()) {
                findings.refuse(base + "." + name, "", "must hold keys and values", "Write key: value below it.");
            }
        });
    }

    private static Section section(String name, JsonNode sections, String base, Findings findings) {
        return new Section(name, base + "." + name, sections.path(name), findings);
    }
}
