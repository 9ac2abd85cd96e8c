package io.kaitoflow.activities.image.registry;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.kaitoflow.activities.image.Credential;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.activities.image.Json;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers a registry's challenges with one credential after another: Basic directly, or a token fetched from the address
 * that the registry names. Belongs to one conversation with one repository; not for several threads.
 */
final class Authorisation {

    private static final long LARGEST_TOKEN_ANSWER = 1 << 20;

    private final Transport transport;
    private final List<Credential> credentials;
    private int next;
    private Optional<String> header = Optional.empty();

    /** @param credentials tried in order; without any, a token for everybody is asked for */
    Authorisation(Transport transport, List<Credential> credentials) {
        this.transport = transport;
        this.credentials = List.copyOf(credentials);
    }

    /** The value to send now; empty until a challenge was answered. */
    Optional<String> header() {
        return header;
    }

    /** A token may have run out: every credential gets another chance in the next call. */
    void startCall() {
        next = 0;
    }

    /** Takes up a 401 or 403; false when there is nothing left to try. */
    boolean answer(HttpResponse<byte[]> refusal) {
        boolean anonymous = credentials.isEmpty() && next == 0;
        while (next < credentials.size() || anonymous) {
            Optional<Credential> credential = anonymous ? Optional.empty() : Optional.of(credentials.get(next));
            anonymous = false;
            next++;
            Optional<String> answer = answer(refusal, credential);
            if (answer.isPresent() && !answer.equals(header)) {
                header = answer;
                return true;
            }
        }
        return false;
    }

    /** What was tried, for messages. */
    String tried() {
        return credentials.isEmpty()
                ? "without credentials, as none were found for this registry"
                : "with "
                        + String.join(
                                " and ",
                                credentials.stream().map(Credential::toString).toList());
    }

    private Optional<String> answer(HttpResponse<byte[]> refusal, Optional<Credential> credential) {
        Optional<BearerChallenge> challenge = BearerChallenge.in(refusal.headers());
        return challenge.isPresent()
                ? request(challenge.get(), credential).flatMap(this::token)
                : credential.filter(known -> known.identityToken().isEmpty()).map(Credential::basic);
    }

    /** An identity token goes in a form, as OAuth 2 has it; whatever else there is goes in the header. */
    private static Optional<HttpRequest> request(BearerChallenge challenge, Optional<Credential> credential) {
        Optional<String> identity = credential.flatMap(Credential::identityToken);
        if (identity.isPresent()) {
            return challenge
                    .exchangeAddress()
                    .map(address -> HttpRequest.newBuilder(address)
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString(challenge.exchangeOf(identity.get())))
                            .build());
        }
        return challenge.tokenAddress().map(address -> {
            HttpRequest.Builder request = HttpRequest.newBuilder(address).GET();
            credential.ifPresent(known -> request.header("Authorization", known.basic()));
            return request.build();
        });
    }

    private Optional<String> token(HttpRequest request) {
        URI address = request.uri();
        if (!RegistryAddress.mayCarrySecrets(address)) {
            throw new ImageException.Denied("The registry sends to " + address.getScheme() + "://"
                    + address.getAuthority() + " for a token; credentials are not sent there over plain http.");
        }
        HttpResponse<byte[]> answer =
                transport.send("Fetching a registry token", request, Bodies.limited(LARGEST_TOKEN_ANSWER), 0);
        if (answer.statusCode() >= 500 || answer.statusCode() == 429) {
            throw new ImageException.Unavailable(
                    "Fetching a registry token on " + address.getAuthority() + " was answered " + answer.statusCode()
                            + ".",
                    null);
        }
        return answer.statusCode() == 200 ? Token.read(answer.body()) : Optional.empty();
    }

    /** What a token service answers. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Token(
            @JsonAlias("access_token") @Nullable String token) {
        static Optional<String> read(byte[] json) {
            try {
                return Optional.ofNullable(Json.read(json, Token.class).token()).map(value -> "Bearer " + value);
            } catch (Json.Malformed notAToken) {
                return Optional.empty();
            }
        }
    }
}
