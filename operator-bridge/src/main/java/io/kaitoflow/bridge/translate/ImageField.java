package io.kaitoflow.bridge.translate;

import io.kaitoflow.bridge.refusal.Findings;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.SecretReference;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Reads image references and the names of the secrets that belong to them. */
record ImageField(Findings findings) {

    Optional<ImageReference> parse(String path, String text) {
        try {
            return Optional.of(ImageReference.parse(text));
        } catch (IllegalArgumentException e) {
            findings.refuse(
                    path,
                    text,
                    "is not an image reference",
                    "Write registry/repository:tag, the repository in lower case, e.g. myregistry.azurecr.io/adapters/phi3:0.0.1.");
            return Optional.empty();
        }
    }

    static List<SecretReference> secrets(List<String> names) {
        return names.stream().map(SecretReference::new).toList();
    }

    /** A secret for a registry must be of the form that registries' clients read; one that cannot be seen is left to later. */
    void checkDockerConfig(String path, String name, ReferencedObjects references) {
        references.secret(name).ifPresent(secret -> {
            boolean data =
                    Objects.requireNonNullElse(secret.getData(), Map.of()).containsKey(".dockerconfigjson");
            boolean text =
                    Objects.requireNonNullElse(secret.getStringData(), Map.of()).containsKey(".dockerconfigjson");
            if (!data && !text) {
                findings.refuse(
                        path,
                        name,
                        "names a Secret without the key .dockerconfigjson",
                        "Create it with: kubectl create secret docker-registry " + name + ".");
            }
        });
    }
}
