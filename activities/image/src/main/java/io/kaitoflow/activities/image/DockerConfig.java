package io.kaitoflow.activities.image;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The file that docker, podman and Kubernetes keep registry credentials in ({@code .dockerconfigjson}). */
final class DockerConfig {

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Content(@Nullable Map<String, Entry> auths) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Entry(
            @Nullable String auth,
            @Nullable String username,
            @Nullable String password) {}

    private final Map<String, Entry> entries;
    private final String origin;

    private DockerConfig(Map<String, Entry> entries, String origin) {
        this.entries = entries;
        this.origin = origin;
    }

    /**
     * @param origin where the bytes came from, for messages
     * @throws ImageException.Denied when the bytes are no such file; its content is not quoted
     */
    static DockerConfig read(byte[] json, String origin) {
        try {
            @Nullable Map<String, Entry> auths = Json.read(json, Content.class).auths();
            return new DockerConfig(auths == null ? Map.of() : auths, origin);
        } catch (Json.Malformed cause) {
            throw new ImageException.Denied("Reading registry credentials from " + origin + ": " + cause.getMessage()
                    + "; it must have the form that docker login writes.");
        }
    }

    /** @param registry as image references write it */
    Optional<Credential> forRegistry(String registry) {
        return spellings(registry).stream()
                .filter(entries::containsKey)
                .findFirst()
                .flatMap(key -> credential(entries.get(key)));
    }

    private static List<String> spellings(String registry) {
        return registry.equals("docker.io")
                ? List.of("https://index.docker.io/v1/", "index.docker.io", "docker.io", "registry-1.docker.io")
                : List.of(registry, "https://" + registry, "http://" + registry, "https://" + registry + "/");
    }

    private Optional<Credential> credential(@Nullable Entry entry) {
        if (entry == null) {
            return Optional.empty();
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
