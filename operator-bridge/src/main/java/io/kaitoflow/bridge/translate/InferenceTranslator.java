package io.kaitoflow.bridge.translate;

import io.kaitoflow.bridge.api.InferenceSpec;
import io.kaitoflow.bridge.refusal.Findings;
import io.kaitoflow.bridge.translate.ModelTranslator.Model;
import io.kaitoflow.bridge.yaml.YamlText;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.request.AdapterReference;
import io.kaitoflow.workflows.request.WorkspaceGoal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Translates {@code inference}. */
record InferenceTranslator(ModelTranslator models, ReferencedObjects references, Findings findings) {

    private static final String CONFIG_KEY = "inference_config.yaml";

    /** What is served and the catalogue's entry of its model. */
    record Serving(Preset preset, WorkspaceGoal.Serve goal) {}

    /** Empty only when something was refused or is missing. */
    Optional<Serving> translate(InferenceSpec spec) {
        List<AdapterReference> adapters = new AdapterTranslator(findings).translate(spec.adapters());
        checkConfig(spec.config());
        if ((spec.preset() == null) == (spec.template() == null)) {
            findings.refuse(
                    "inference",
                    spec.preset() == null ? "" : "preset, template",
                    "must have exactly one of preset and template",
                    "Write preset.name.");
            return Optional.empty();
        }
        if (spec.template() != null) {
            findings.refuse("inference.template", "", "is not possible yet", "Write preset.name in its place.");
            return Optional.empty();
        }
        Optional<Model> model = models.translate("inference.preset", spec.preset());
        return model.map(known -> new Serving(known.preset(), new WorkspaceGoal.Serve(known.reference(), adapters)));
    }

    private void checkConfig(@Nullable String config) {
        if (config == null || config.isBlank()) {
            return;
        }
        references
                .configMap(config)
                .ifPresentOrElse(
                        map -> checkText(config, Objects.requireNonNullElse(map.getData(), Map.of())),
                        () -> findings.missing("ConfigMap", config, "inference.config"));
    }

    private void checkText(String config, Map<String, String> files) {
        String text = files.get(CONFIG_KEY);
        if (text == null) {
            findings.refuse(
                    "inference.config", config, "names a ConfigMap without the key " + CONFIG_KEY, "Add the key.");
            return;
        }
        try {
            new YamlText(text).documents();
            findings.note("inference.config: " + CONFIG_KEY + " is accepted, but nothing acts on it yet.");
        } catch (YamlText.BrokenYamlException e) {
            findings.refuse("inference.config", config, "is not YAML: " + e.getMessage(), "Correct that place.");
        }
    }
}
