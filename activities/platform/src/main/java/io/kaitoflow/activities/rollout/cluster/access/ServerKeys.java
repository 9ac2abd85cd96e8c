package io.kaitoflow.activities.rollout.cluster.access;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.kaitoflow.workflows.request.SecretReference;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The keys of which a server's callers must show one, as the Secret holds them: each value one or more, one a line. */
public final class ServerKeys {

    /** What a header takes; what it does not take would be quoted where that is said. */
    private static final Pattern SENDABLE = Pattern.compile("[\\x21-\\x7e]+");

    private ServerKeys() {}

    /** Such a Secret, without what it holds. */
    public static Secret named(String namespace, SecretReference secret) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName(secret.name())
                .withNamespace(namespace)
                .endMetadata()
                .build();
    }

    /** One of them, for this process's own questions; the server passes over the same values as this does. */
    public static Optional<String> first(Secret secret) {
        return new TreeMap<>(Objects.requireNonNullElse(secret.getData(), Map.<String, String>of()))
                .entrySet().stream()
                        .filter(value -> !value.getKey().startsWith("."))
                        .flatMap(value -> lines(value.getValue()))
                        .filter(line -> SENDABLE.matcher(line).matches())
                        .findFirst();
    }

    private static Stream<String> lines(String encoded) {
        return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8)
                .lines()
                .map(String::strip);
    }
}
