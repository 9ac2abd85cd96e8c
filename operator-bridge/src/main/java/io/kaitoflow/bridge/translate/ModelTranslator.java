package io.kaitoflow.bridge.translate;

import io.fabric8.kubernetes.api.model.Secret;
import io.kaitoflow.bridge.api.PresetSpec;
import io.kaitoflow.bridge.refusal.Findings;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.presets.PresetCatalogue;
import io.kaitoflow.workflows.request.ModelReference;
import io.kaitoflow.workflows.request.SecretReference;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Translates a preset: known, and reachable with the rights that were given. */
record ModelTranslator(PresetCatalogue catalogue, ReferencedObjects references, Findings findings) {

    private static final String HUB_TOKEN = "HF_TOKEN";

    /** A model of the catalogue and how it is asked for. */
    record Model(Preset preset, ModelReference reference) {}

    Optional<Model> translate(String path, @Nullable PresetSpec spec) {
        String name = spec == null || spec.name() == null ? "" : spec.name();
        if (spec == null || name.isBlank()) {
            findings.refuse(path + ".name", "", "is required", "Name a model; see them with: kaitoflow models list.");
            return Optional.empty();
        }
        checkAccessMode(path, spec);
        Optional<Preset> preset = catalogue.find(name);
        if (preset.isEmpty()) {
            findings.refuse(
                    path + ".name",
                    name,
                    "is not a model of the catalogue" + catalogue.names().suggestion(name),
                    "See all of them with: kaitoflow models list.");
        }
        return preset.map(known -> model(path, spec, known));
    }

    private void checkAccessMode(String path, PresetSpec spec) {
        String mode = spec.accessMode();
        if (mode != null && !List.of("public", "private").contains(mode)) {
            findings.refuse(path + ".accessMode", mode, "must be public or private", "Remove it; it has no effect.");
        }
    }

    /** Nobody asks a hub before a machine is there; so the token is looked for now, wherever that can be known. */
    private void checkToken(String path, String name) {
        Optional<Secret> secret = references.secret(path, name, findings);
        if (references.secretsRead() && secret.isPresent() && !ReferencedObjects.hasKey(secret.get(), HUB_TOKEN)) {
            findings.refuse(
                    path,
                    name,
                    "names a Secret without the key " + HUB_TOKEN,
                    "Create it with: kubectl create secret generic " + name + " --from-literal=" + HUB_TOKEN + "=….");
        }
    }

    private Model model(String path, PresetSpec spec, Preset preset) {
        PresetSpec.Options options = spec.presetOptions();
        Optional<SecretReference> secret = Optional.ofNullable(options)
                .map(PresetSpec.Options::modelAccessSecret)
                .filter(name -> !name.isBlank())
                .map(SecretReference::new);
        if (preset.gated() && secret.isEmpty()) {
            findings.refuse(
                    path + ".presetOptions.modelAccessSecret",
                    "",
                    "is required, because " + preset.name() + " is gated",
                    "Put a hub token as HF_TOKEN into a Secret and name it here.");
        }
        secret.ifPresent(name -> checkToken(path + ".presetOptions.modelAccessSecret", name.name()));
        if (options != null && (options.modelWeightsPVC() != null || options.modelWeightsSubPath() != null)) {
            findings.refuse(
                    path + ".presetOptions.modelWeightsPVC",
                    Objects.requireNonNullElse(options.modelWeightsPVC(), ""),
                    "is not possible yet",
                    "Remove it; the catalogue's sources are used.");
        }
        if (options != null && options.image() != null) {
            findings.note(
                    path + ".presetOptions.image is not used: the catalogue's sources of " + preset.name() + " are.");
        }
        return new Model(preset, new ModelReference(preset.name(), secret));
    }
}
