package io.kaitoflow.bridge.translate;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.kaitoflow.bridge.api.TuningSpec;
import io.kaitoflow.bridge.refusal.Findings;
import io.kaitoflow.bridge.training.TrainingConfigReader;
import io.kaitoflow.bridge.translate.ModelTranslator.Model;
import io.kaitoflow.presets.NearestNames;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.request.DatasetSource;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.QloraRecipe;
import io.kaitoflow.workflows.request.TrainingRecipe;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.TuningMethod;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Translates {@code tuning}. */
final class TuningTranslator {

    private static final String CONFIG = "tuning.config";

    private final ModelTranslator models;
    private final InputTranslator inputs;
    private final OutputTranslator outputs;
    private final ReferencedObjects references;
    private final Findings findings;

    TuningTranslator(
            ModelTranslator models, TranslatorSettings settings, ReferencedObjects references, Findings findings) {
        this.models = models;
        this.inputs = new InputTranslator(settings, references, findings);
        this.outputs = new OutputTranslator(settings, references, findings);
        this.references = references;
        this.findings = findings;
    }

    /** A job and the catalogue's entry of its model. */
    record Tuning(Preset preset, TuningJob job) {}

    /** Empty only when something was refused or is missing. */
    Optional<Tuning> translate(TuningSpec spec) {
        Optional<Model> model = models.translate("tuning.preset", spec.preset());
        model.ifPresent(known -> checkTunable(known.preset()));
        Optional<TuningMethod> method = method(spec.method());
        Optional<DatasetSource> input = inputs.translate(spec.input());
        Optional<OutputTarget> output = outputs.translate(spec.output());
        TrainingRecipe recipe = recipe(spec.config(), method.orElse(TuningMethod.QLORA));
        model.ifPresent(known -> checkTargets(known.preset(), recipe.lora()));
        if (model.isEmpty() || method.isEmpty() || input.isEmpty() || output.isEmpty()) {
            return Optional.empty();
        }
        TuningJob job = new TuningJob(model.get().reference(), method.get(), input.get(), output.get(), recipe);
        return Optional.of(new Tuning(model.get().preset(), job));
    }

    private void checkTunable(Preset preset) {
        if (!preset.tunable()) {
            findings.refuse("tuning.preset.name", preset.name(), "cannot be tuned", "See: kaitoflow models list.");
        }
    }

    private Optional<TuningMethod> method(@Nullable String text) {
        return switch (Objects.requireNonNullElse(text, "").toLowerCase(Locale.ROOT)) {
            case "lora" -> Optional.of(TuningMethod.LORA);
            case "qlora" -> Optional.of(TuningMethod.QLORA);
            default -> {
                findings.refuse(
                        "tuning.method",
                        Objects.requireNonNullElse(text, ""),
                        "must be lora or qlora",
                        "Write method: qlora.");
                yield Optional.empty();
            }
        };
    }

    private TrainingRecipe recipe(@Nullable String config, TuningMethod method) {
        if (config == null || config.isBlank()) {
            return TrainingRecipe.defaults();
        }
        Optional<ConfigMap> map = references.configMap(config);
        if (map.isEmpty()) {
            findings.missing("ConfigMap", config, CONFIG);
            return TrainingRecipe.defaults();
        }
        Map<String, String> files = Objects.requireNonNullElse(map.get().getData(), Map.of());
        if (!files.containsKey(TrainingConfigReader.KEY)) {
            findings.refuse(
                    CONFIG,
                    config,
                    "names a ConfigMap without the key " + TrainingConfigReader.KEY,
                    "Put the recipe under that key.");
            return TrainingRecipe.defaults();
        }
        return new TrainingConfigReader().read(files, method, CONFIG + " " + config, findings);
    }

    private void checkTargets(Preset preset, QloraRecipe recipe) {
        for (String module : recipe.targetModules()) {
            if (!preset.targetModules().contains(module)) {
                findings.refuse(
                        CONFIG + ": LoraConfig.target_modules",
                        module,
                        "is not a linear layer of " + preset.name()
                                + NearestNames.of(preset.targetModules()).suggestion(module),
                        "Write all-linear, or some of " + String.join(", ", preset.targetModules()) + ".");
            }
        }
    }
}
