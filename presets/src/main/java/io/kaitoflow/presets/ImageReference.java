package io.kaitoflow.presets;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an image lies: {@code registry/repository[:tag][@digest]}, in the grammar of the distribution specification.
 *
 * @param registry host and optional port
 * @param repository lower-case path
 * @param tag as written, or {@code latest} when neither tag nor digest was
 * @param digest pins the content when present
 */
public record ImageReference(String registry, String repository, String tag, Optional<Digest> digest) {

    private static final String DEFAULT_REGISTRY = "docker.io";
    private static final Pattern AZURE = Pattern.compile("[A-Za-z0-9-]+\\.azurecr\\.(io|us|cn)");
    private static final Pattern FORM =
            Pattern.compile("(?:(?<host>[A-Za-z0-9.-]+\\.[A-Za-z0-9.-]+(?::\\d+)?|[A-Za-z0-9-]+:\\d+|localhost)/)?"
                    + "(?<path>[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*)*)"
                    + "(?::(?<tag>\\w[\\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?");

    /** @throws IllegalArgumentException naming the text and the rule when it is not an image reference */
    @JsonCreator
    public static ImageReference parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "Not an image reference: \"" + text
                            + "\"; write registry/repository:tag, the repository in lower case, e.g. myregistry.azurecr.io/adapters/phi3:0.0.1");
        }
        Optional<Digest> digest = Optional.ofNullable(matcher.group("digest")).map(Digest::new);
        String tag = matcher.group("tag") == null ? "latest" : matcher.group("tag");
        String host = matcher.group("host") == null ? DEFAULT_REGISTRY : matcher.group("host");
        return new ImageReference(host, matcher.group("path"), tag, digest);
    }

    /** Whether a registry is one of Azure's, which know the identities of its directory: {@code NAME.azurecr.io}. */
    public static boolean isAzure(String registry) {
        return AZURE.matcher(registry).matches();
    }

    public ImageReference withTag(String newTag) {
        return new ImageReference(registry, repository, newTag, Optional.empty());
    }

    public ImageReference withDigest(Digest newDigest) {
        return new ImageReference(registry, repository, tag, Optional.of(newDigest));
    }

    @JsonValue
    @Override
    public String toString() {
        return registry + "/" + repository + ":" + tag
                + digest.map(d -> "@" + d).orElse("");
    }
}
