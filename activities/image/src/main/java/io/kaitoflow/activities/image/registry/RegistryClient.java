package io.kaitoflow.activities.image.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.activities.image.Json;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sends calls with authorisation and redirects, and turns refusals into named failures. */
final class RegistryClient {

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int MOST_REDIRECTS = 5;
    private static final int LONGEST_QUOTE = 200;

    private final RegistryAddress registry;
    private final Transport transport;
    private final Authorisation authorisation;

    RegistryClient(RegistryAddress registry, Transport transport, Authorisation authorisation) {
        this.registry = registry;
        this.transport = transport;
        this.authorisation = authorisation;
    }

    /** @return the answer, whose status is one of {@code expected} */
    HttpResponse<byte[]> send(RegistryCall call, Set<Integer> expected) {
        HttpResponse<byte[]> answer = following(call);
        if (expected.contains(answer.statusCode())) {
            return answer;
        }
        throw refusal(call, answer);
    }

    private HttpResponse<byte[]> following(RegistryCall call) {
        RegistryCall now = call;
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            HttpResponse<byte[]> answer = authorised(now);
            Optional<String> location = answer.headers().firstValue("Location");
            if (!REDIRECTS.contains(answer.statusCode()) || location.isEmpty()) {
                return answer;
            }
            now = now.redirectedTo(target(now, location.get()));
        }
        throw new ImageException.Unavailable(call.doing() + " on " + registry + " was redirected without end.", null);
    }

    private HttpResponse<byte[]> authorised(RegistryCall call) {
        boolean ours = RegistryAddress.sameHost(call.address(), registry.base());
        authorisation.startCall();
        while (true) {
            Optional<String> header = ours ? authorisation.header() : Optional.empty();
            HttpResponse<byte[]> answer =
                    transport.send(call.doing(), call.request(header), call.answer(), call.bytes());
            boolean refused = answer.statusCode() == 401 || answer.statusCode() == 403;
            if (!ours || !refused || !authorisation.answer(answer)) {
                return answer;
            }
        }
    }

    /** Where a location leads; never from an encrypted connection to a plain one. */
    URI target(RegistryCall from, String location) {
        try {
            URI target = from.address().resolve(location);
            if (RegistryAddress.mayCarrySecrets(target)) {
                return target;
            }
        } catch (IllegalArgumentException notAnAddress) {
            throw new ImageException.Unavailable(
                    from.doing() + " on " + registry + " was answered with a location that is no address.",
                    notAnAddress);
        }
        throw new ImageException.Unavailable(
                from.doing() + " on " + registry + " leads to a plain http address on another machine.", null);
    }

    private ImageException refusal(RegistryCall call, HttpResponse<byte[]> answer) {
        int status = answer.statusCode();
        String tried = call.doing() + " on " + registry.name();
        String answered = "the registry answered " + status + quote(answer.body());
        if (status == 401 || status == 403) {
            return new ImageException.Denied(
                    tried + " was refused: " + answered + "; it was tried " + authorisation.tried() + ".");
        }
        if (status == 404 && call.method().equals("GET")) {
            return new ImageException.NotAnAdapter(tried + " failed: " + answered + "; there is no such image.");
        }
        if (status >= 500 || status == 429 || status == 408) {
            return new ImageException.Unavailable(tried + " failed: " + answered + ".", null);
        }
        return new ImageException.Denied(tried + " was refused: " + answered + ".");
    }

    private static String quote(byte[] body) {
        try {
            List<ErrorText> errors =
                    Optional.ofNullable(Json.read(body, Errors.class).errors()).orElse(List.of());
            return errors.stream().findFirst().map(ErrorText::quoted).orElse("");
        } catch (Json.Malformed notTheUsualForm) {
            return "";
        }
    }

    /** The error body of the specification. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Errors(@Nullable List<ErrorText> errors) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record ErrorText(
            @Nullable String code, @Nullable String message) {
        String quoted() {
            String text = (code + ": " + message).replaceAll("\\p{Cntrl}", " ");
            return " (" + text.substring(0, Math.min(text.length(), LONGEST_QUOTE)) + ")";
        }
    }
}
