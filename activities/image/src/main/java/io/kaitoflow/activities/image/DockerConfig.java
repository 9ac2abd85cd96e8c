package io.kaitoflow.activities.image;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The file that docker, podman and Kubernetes keep registry credentials in ({@code .dockerconfigjson}). */
final class DockerConfig {

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Content(
            @Nullable Map<String, Entry> auths,
            @Nullable Map<String, String> credHelpers,
            @Nullable String credsStore) {

        Map<String, Entry> entries() {
            return auths == null ? Map.of() : auths;
        }

        Map<String, String> helpers() {
            return credHelpers == null ? Map.of() : credHelpers;
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Entry(
            @Nullable String auth,
            @Nullable String username,
            @Nullable String password,
            @JsonProperty("identitytoken") @Nullable String identityToken) {}

    private final Content content;
    private final String origin;

    private DockerConfig(Content content, String origin) {
        this.content = content;
        this.origin = origin;
    }

    /**
     * @param origin where the bytes came from, for messages
     * @throws ImageException.Denied when the bytes are no such file; its content is not quoted
     */
    static DockerConfig read(byte[] json, String origin) {
        try {
            return new DockerConfig(Json.read(json, Content.class), origin);
        } catch (Json.Malformed cause) {
            throw new ImageException.Denied("Reading registry credentials from " + origin + ": " + cause.getMessage()
                    + "; it must have the form that docker login writes.");
        }
    }

    /**
     * What the file holds itself or leaves to a helper. A helper that the file names for this registry must answer; one that keeps
     * logins in general may know nothing of it.
     *
     * @param registry as image references write it
     */
    Optional<Credential> forRegistry(String registry, CredentialSearch.Keychains helpers) {
        Optional<String> own = first(registry, content.helpers());
        if (own.isPresent()) {
            return helpers.get(own.get(), server(registry, content.helpers()));
        }
        Optional<Entry> entry = first(registry, content.entries());
        Optional<Credential> written = entry.flatMap(this::credential);
        return written.isPresent() || content.credsStore() == null
                ? written
                : ofStore(content.credsStore(), registry, entry.isPresent(), helpers);
    }

    private Optional<Credential> ofStore(
            String store, String registry, boolean loggedIn, CredentialSearch.Keychains helpers) {
        try {
            return helpers.get(store, server(registry, content.entries()));
        } catch (ImageException.Denied silent) {
            if (loggedIn) {
                throw silent;
            }
            return Optional.empty();
        }
    }

    private static <T> Optional<T> first(String registry, Map<String, T> of) {
        return spellings(registry).stream()
                .filter(of::containsKey)
                .findFirst()
                .flatMap(key -> Optional.ofNullable(of.get(key)));
    }

    /** What docker calls the registry when it asks a helper. */
    private static String server(String registry, Map<String, ?> known) {
        List<String> spellings = spellings(registry);
        return spellings.stream().filter(known::containsKey).findFirst().orElse(spellings.getFirst());
    }

    private static List<String> spellings(String registry) {
        return registry.equals("docker.io")
                ? List.of("https://index.docker.io/v1/", "index.docker.io", "docker.io", "registry-1.docker.io")
                : List.of(registry, "https://" + registry, "http://" + registry, "https://" + registry + "/");
    }

    private Optional<Credential> credential(Entry entry) {
        if (entry.identityToken() != null && !entry.identityToken().isEmpty()) {
            return Optional.of(Credential.ofIdentity(entry.identityToken(), origin));
        }
        if (entry.username() != null && entry.password() != null) {
            return Optional.of(new Credential(entry.username(), entry.password(), origin));
        }
        return Optional.ofNullable(entry.auth()).flatMap(this::decode);
    }

    private Optional<Credential> decode(String auth) {
        try {
            String pair = new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0
                    ? Optional.empty()
                    : Optional.of(new Credential(pair.substring(0, colon), pair.substring(colon + 1), origin));
        } catch (IllegalArgumentException notBase64) {
            throw new ImageException.Denied(
                    "Reading registry credentials from " + origin + ": a value of \"auth\" is not base64.");
        }
    }
}
