package io.kaitoflow.bridge.translate;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.kaitoflow.bridge.api.InferenceSpec;
import io.kaitoflow.bridge.refusal.Findings;
import io.kaitoflow.bridge.serving.ServingConfigReader;
import io.kaitoflow.bridge.translate.ModelTranslator.Model;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.request.AdapterReference;
import io.kaitoflow.workflows.request.ServingLimits;
import io.kaitoflow.workflows.request.WorkspaceGoal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Translates {@code inference}. */
record InferenceTranslator(ModelTranslator models, ReferencedObjects references, Findings findings) {

    private static final String CONFIG = "inference.config";

    /** What is served and the catalogue's entry of its model; nobody knows what a pod of the owner's own serves. */
    record Serving(Optional<Preset> preset, WorkspaceGoal goal) {}

    /** Empty only when something was refused or is missing. */
    Optional<Serving> translate(InferenceSpec spec) {
        if ((spec.preset() == null) == (spec.template() == null)) {
            findings.refuse(
                    "inference",
                    spec.preset() == null ? "" : "preset, template",
                    "must have exactly one of preset and template",
                    "Write preset.name, or template.spec.");
            return Optional.empty();
        }
        JsonNode template = spec.template();
        return template == null
                ? preset(spec)
                : new TemplateTranslator(findings)
                        .translate(spec, template)
                        .map(goal -> new Serving(Optional.empty(), goal));
    }

    private Optional<Serving> preset(InferenceSpec spec) {
        List<AdapterReference> adapters = new AdapterTranslator(references, findings).translate(spec.adapters());
        ServingLimits limits = limits(spec.config());
        Optional<Model> model = models.translate("inference.preset", spec.preset());
        model.ifPresent(known -> checkContext(known.preset(), limits));
        return model.map(known ->
                new Serving(Optional.of(known.preset()), new WorkspaceGoal.Serve(known.reference(), adapters, limits)));
    }

    private void checkContext(Preset preset, ServingLimits limits) {
        limits.context().ifPresent(tokens -> {
            if (tokens > preset.contextLength()) {
                findings.refuse(
                        CONFIG,
                        String.valueOf(tokens),
                        "is a longer context than the " + preset.contextLength() + " tokens of " + preset.name(),
                        "Write a smaller one.");
            }
        });
    }

    private ServingLimits limits(@Nullable String config) {
        if (config == null || config.isBlank()) {
            return ServingLimits.none();
        }
        Optional<ConfigMap> map = references.configMap(config);
        if (map.isEmpty()) {
            findings.missing("ConfigMap", config, CONFIG);
            return ServingLimits.none();
        }
        String text = Objects.requireNonNullElse(map.get().getData(), Map.<String, String>of())
                .get(ServingConfigReader.KEY);
        if (text == null) {
            findings.refuse(
                    CONFIG, config, "names a ConfigMap without the key " + ServingConfigReader.KEY, "Add the key.");
            return ServingLimits.none();
        }
        return new ServingConfigReader(CONFIG, findings).read(text);
    }
}
