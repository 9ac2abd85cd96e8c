package io.kaitoflow.activities.image.registry;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a registry wants to be convinced, from its WWW-Authenticate header.
 *
 * @param parameters of the scheme, e.g. realm, service, scope
 */
record BearerChallenge(Map<String, String> parameters) {

    private static final Pattern PARAMETER = Pattern.compile("(\\w+)=(?:\"([^\"]*)\"|([^\\s,]+))");

    /** Empty when the registry asks for no token. */
    static Optional<BearerChallenge> in(HttpHeaders headers) {
        return headers.allValues("WWW-Authenticate").stream()
                .filter(value -> value.toLowerCase(Locale.ROOT).startsWith("bearer "))
                .findFirst()
                .map(BearerChallenge::parse);
    }

    private static BearerChallenge parse(String header) {
        Map<String, String> found = new HashMap<>();
        Matcher matcher = PARAMETER.matcher(header);
        while (matcher.find()) {
            String value = matcher.group(2) == null ? matcher.group(3) : matcher.group(2);
            found.put(matcher.group(1).toLowerCase(Locale.ROOT), value);
        }
        return new BearerChallenge(Map.copyOf(found));
    }

    /** Where a token can be had; empty when the header names no usable address. */
    Optional<URI> tokenAddress() {
        String realm = parameters.getOrDefault("realm", "");
        return address(realm + (realm.contains("?") ? "&" : "?") + wanted());
    }

    /** Where an identity token is exchanged; empty when the header names no usable address. */
    Optional<URI> exchangeAddress() {
        return address(parameters.getOrDefault("realm", ""));
    }

    /** The form that is sent there. */
    String exchangeOf(String identityToken) {
        return wanted() + "&grant_type=refresh_token&client_id=kaitoflow&refresh_token="
                + URLEncoder.encode(identityToken, StandardCharsets.UTF_8);
    }

    private String wanted() {
        return Stream.of("service", "scope")
                .filter(parameters::containsKey)
                .map(name -> name + "=" + URLEncoder.encode(parameters.getOrDefault(name, ""), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static Optional<URI> address(String text) {
        try {
            URI address = URI.create(text);
            return address.getHost() == null ? Optional.empty() : Optional.of(address);
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }
}
