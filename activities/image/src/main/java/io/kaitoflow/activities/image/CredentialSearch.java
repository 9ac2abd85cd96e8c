package io.kaitoflow.activities.image;

import io.kaitoflow.workflows.request.SecretReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the credentials that may be tried on a registry: those of the named secrets; only where these hold none for it that of the
 * process's identity, and only without one the user's own. A wrong password in a named secret must not be made good by a login that its author has no right to.
 */
public final class CredentialSearch {

    private final RegistryCredentials secrets;
    private final Optional<Path> userFile;
    private final Keychains helpers;
    private final Identity identity;

    /** What the process is known as, which opens registries without a secret. */
    @FunctionalInterface
    public interface Identity {

        /**
         * @param registry as image references write it
         * @return empty where nobody knows it
         * @throws ImageException when it is known there and does not get in, or nobody answers
         */
        Optional<Credential> at(String registry);

        /** Known nowhere. */
        static Identity none() {
            return registry -> Optional.empty();
        }
    }

    /** What keeps logins that docker leaves out of its file: {@code credsStore} and {@code credHelpers}. */
    @FunctionalInterface
    public interface Keychains {

        /**
         * @param name as the file has it, e.g. {@code osxkeychain}
         * @param server what docker calls the registry
         * @return empty when it keeps no login there
         * @throws ImageException.Denied when it cannot be asked
         */
        Optional<Credential> get(String name, String server);

        /** None is asked. */
        static Keychains none() {
            return (name, server) -> Optional.empty();
        }
    }

    /**
     * @param userFile what {@code docker login} wrote, where there is a user; need not exist
     * @param helpers asked for that file alone: the author of a secret may not say what runs here
     */
    public CredentialSearch(
            RegistryCredentials secrets, Optional<Path> userFile, Keychains helpers, Identity identity) {
        this.secrets = secrets;
        this.userFile = userFile;
        this.helpers = helpers;
        this.identity = identity;
    }

    /** Of a process that is known nowhere. */
    public CredentialSearch(RegistryCredentials secrets, Optional<Path> userFile, Keychains helpers) {
        this(secrets, userFile, helpers, Identity.none());
    }

    /** @param userFile what {@code docker login} wrote, where there is a user; need not exist */
    public CredentialSearch(RegistryCredentials secrets, Optional<Path> userFile) {
        this(secrets, userFile, Keychains.none());
    }

    /** What {@code docker login} writes for this user: in {@code DOCKER_CONFIG}, else in {@code ~/.docker}. */
    public static Path userFile(Map<String, String> environment) {
        return Optional.ofNullable(environment.get("DOCKER_CONFIG"))
                .filter(folder -> !folder.isBlank())
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".docker"))
                .resolve("config.json");
    }

    /** In the order in which they are to be tried. */
    public List<Credential> find(String registry, List<SecretReference> named) {
        List<Credential> ofSecrets = of(registry, named.stream().flatMap(this::read), Keychains.none());
        return ofSecrets.isEmpty()
                ? identity.at(registry).map(List::of).orElseGet(() -> of(registry, ofUser(), helpers))
                : ofSecrets;
    }

    private static List<Credential> of(String registry, Stream<DockerConfig> configs, Keychains helpers) {
        return configs.flatMap(config -> config.forRegistry(registry, helpers).stream())
                .toList();
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
