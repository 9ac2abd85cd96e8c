package io.kaitoflow.activities.image.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.kaitoflow.activities.image.Credential;
import io.kaitoflow.activities.image.CredentialSearch;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.activities.image.Json;
import io.kaitoflow.activities.image.Pulse;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Opens Azure's registries without a secret. The token by which a cluster vouches for its service account becomes one of Azure's directory, and
 * that one, at the registry, a login as {@code az acr login} keeps it. Each is asked for when it is needed, and none is kept.
 */
public final class AzureSignIn implements CredentialSearch.Identity {

    /** Where identities of Azure's public cloud sign in. */
    public static final URI PUBLIC_DIRECTORY = URI.create("https://login.microsoftonline.com/");

    /** Whom a cluster's token has to be made for. */
    public static final String AUDIENCE = "api://AzureADTokenExchange";

    private static final String REGISTRIES = "https://containerregistry.azure.net/.default";
    private static final String ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final long LARGEST_ANSWER = 1 << 20;
    private static final int MOST_WORDS = 300;

    private final Client client;
    private final Supplier<String> token;
    private final RegistryTimeouts timeouts;
    private final Predicate<String> registries;

    /**
     * Who signs in.
     *
     * @param directory of the cloud, e.g. {@link #PUBLIC_DIRECTORY}
     * @param tenant of the directory
     * @param id of the client
     */
    public record Client(URI directory, String tenant, String id) {

        private URI tokens() {
            String base = directory.toString();
            return URI.create(base + (base.endsWith("/") ? "" : "/") + tenant + "/oauth2/v2.0/token");
        }
    }

    /**
     * @param token of the cluster, made for {@link #AUDIENCE}
     * @param registries that are given what the directory gives: they must be the cloud's own
     */
    public AzureSignIn(Client client, Supplier<String> token, RegistryTimeouts timeouts, Predicate<String> registries) {
        this.client = client;
        this.token = token;
        this.timeouts = timeouts;
        this.registries = registries;
    }

    @Override
    public Optional<Credential> at(String registry) {
        if (!registries.test(registry)) {
            return Optional.empty();
        }
        try (Transport transport = new Transport(timeouts, Pulse.none())) {
            String known = ofDirectory(transport);
            return Optional.of(Credential.ofIdentity(ofRegistry(transport, registry, known), "the " + this));
        }
    }

    private String ofDirectory(Transport transport) {
        String doing = "Signing in as the " + this;
        Map<String, String> form = Map.of(
                "grant_type",
                "client_credentials",
                "client_id",
                client.id(),
                "scope",
                REGISTRIES,
                "client_assertion_type",
                ASSERTION,
                "client_assertion",
                token.get());
        return ask(transport, doing, client.tokens(), form).access(doing);
    }

    private String ofRegistry(Transport transport, String registry, String known) {
        String doing = "Signing in at " + registry + " as the " + this;
        Map<String, String> form = Map.of(
                "grant_type", "access_token", "service", registry, "tenant", client.tenant(), "access_token", known);
        return ask(transport, doing, RegistryAddress.named(registry).resolve("/oauth2/exchange"), form)
                .refresh(doing);
    }

    private static Answer ask(Transport transport, String doing, URI address, Map<String, String> form) {
        if (!RegistryAddress.mayCarrySecrets(address)) {
            throw new ImageException.Denied(doing + ": tokens are not sent to " + address + " over plain http.");
        }
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(encoded(form)))
                .build();
        HttpResponse<byte[]> answer = transport.send(doing, request, Bodies.limited(LARGEST_ANSWER), 0);
        String answered = doing + " on " + address.getAuthority() + " was answered " + answer.statusCode();
        if (answer.statusCode() >= 500 || answer.statusCode() == 429) {
            throw new ImageException.Unavailable(answered + ".", null);
        }
        if (answer.statusCode() != 200) {
            throw new ImageException.Denied(
                    answered + Answer.read(answer.body()).map(Answer::words).orElse("") + ".");
        }
        return Answer.read(answer.body())
                .orElseThrow(() -> new ImageException.Unavailable(answered + ", without a token.", null));
    }

    private static String encoded(Map<String, String> form) {
        return new TreeMap<>(form)
                .entrySet().stream()
                        .map(entry ->
                                entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
    }

    @Override
    public String toString() {
        return "identity " + client.id();
    }

    /** What a directory or a registry says. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Answer(
            @JsonProperty("access_token") @Nullable String accessToken,
            @JsonProperty("refresh_token") @Nullable String refreshToken,
            @JsonProperty("error_description") @Nullable String description) {

        static Optional<Answer> read(byte[] json) {
            try {
                return Optional.of(Json.read(json, Answer.class));
            } catch (Json.Malformed other) {
                return Optional.empty();
            }
        }

        String access(String doing) {
            return required(doing, accessToken);
        }

        String refresh(String doing) {
            return required(doing, refreshToken);
        }

        private static String required(String doing, @Nullable String token) {
            return Optional.ofNullable(token)
                    .filter(found -> !found.isEmpty())
                    .orElseThrow(() -> new ImageException.Unavailable(doing + " was answered without a token.", null));
        }

        /** The first line says why; what follows are numbers of the request. */
        private String words() {
            String first = Optional.ofNullable(description)
                    .flatMap(text -> text.lines().findFirst())
                    .orElse("");
            String cut =
                    first.substring(0, Math.min(first.length(), MOST_WORDS)).strip();
            return cut.isEmpty() ? "" : ": " + (cut.endsWith(".") ? cut.substring(0, cut.length() - 1) : cut);
        }
    }
}
