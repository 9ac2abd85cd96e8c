package io.kaitoflow.bridge.translate;

import io.fabric8.kubernetes.api.model.Secret;
import io.kaitoflow.bridge.refusal.Findings;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.SecretReference;
import java.util.List;
import java.util.Optional;

/** Reads image references and the names of the secrets that belong to them. */
record ImageField(Findings findings) {

    private static final String DOCKER_CONFIG = ".dockerconfigjson";

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

    /** The secrets at this path, each of which must be a registry's. */
    List<SecretReference> pullSecrets(String path, List<String> names, ReferencedObjects references) {
        for (int i = 0; i < names.size(); i++) {
            checkDockerConfig(path + "[" + i + "]", names.get(i), references);
        }
        return names.stream().map(SecretReference::new).toList();
    }

    /** A secret for a registry must be of the form that registries' clients read; one that cannot be seen is left to later. */
    void checkDockerConfig(String path, String name, ReferencedObjects references) {
        Optional<Secret> secret = references.secret(path, name, findings);
        if (secret.isPresent() && !ReferencedObjects.hasKey(secret.get(), DOCKER_CONFIG)) {
            findings.refuse(
                    path,
                    name,
                    "names a Secret without the key " + DOCKER_CONFIG,
                    "Create it with: kubectl create secret docker-registry " + name + ".");
        }
    }
}
