package io.kaitoflow.activities.image;

import io.kaitoflow.workflows.request.SecretReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the credentials that may be tried on a registry: those of the named secrets, and only where these hold none for it the
 * user's own. A wrong password in a named secret must not be made good by a login that its author has no right to.
 */
public final class CredentialSearch {

    private final RegistryCredentials secrets;
    private final Optional<Path> userFile;

    /** @param userFile what {@code docker login} wrote, where there is a user; need not exist */
    public CredentialSearch(RegistryCredentials secrets, Optional<Path> userFile) {
        this.secrets = secrets;
        this.userFile = userFile;
    }

    /** In the order in which they are to be tried. */
    public List<Credential> find(String registry, List<SecretReference> named) {
        List<Credential> ofSecrets = of(registry, named.stream().flatMap(this::read));
        return ofSecrets.isEmpty() ? of(registry, ofUser()) : ofSecrets;
    }

    private static List<Credential> of(String registry, Stream<DockerConfig> configs) {
        return configs.flatMap(config -> config.forRegistry(registry).stream()).toList();
    }

    private Stream<DockerConfig> ofUser() {
        return userFile.stream()
                .flatMap(file -> SecretFiles.read(file).stream().map(json -> DockerConfig.read(json, file.toString())));
    }

    private Stream<DockerConfig> read(SecretReference secret) {
        return secrets.dockerConfig(secret).stream()
                .map(json -> DockerConfig.read(json, "the secret " + secret.name()));
    }
}
