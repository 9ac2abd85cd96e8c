package io.kaitoflow.activities.image;

import io.kaitoflow.workflows.request.SecretReference;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the secrets that hold registry credentials, where they are used; their content goes nowhere else. */
@FunctionalInterface
public interface RegistryCredentials {

    /** The content of a secret's {@code .dockerconfigjson}; empty when there is no such secret. */
    Optional<byte[]> dockerConfig(SecretReference secret);

    /** No secret exists. */
    static RegistryCredentials none() {
        return secret -> Optional.empty();
    }

    /** Secrets are files {@code <name>.json} of a folder. */
    static RegistryCredentials inFolder(Path folder) {
        return secret ->
                SecretFiles.read(folder.resolve(Path.of(secret.name() + ".json").getFileName()));
    }
}
