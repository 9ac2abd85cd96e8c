package io.kaitoflow.activities.image.registry;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.activities.image.Json;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One page of a repository's tags; a repository without any may have none for a list. */
@JsonIgnoreProperties(ignoreUnknown = true)
record TagList(@Nullable List<String> tags) {

    private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;\\s*rel=\"?next\"?");

    static List<String> read(HttpResponse<byte[]> answer) {
        if (answer.statusCode() != 200) {
            return List.of();
        }
        try {
            return Objects.requireNonNullElse(
                    Json.read(answer.body(), TagList.class).tags(), List.of());
        } catch (Json.Malformed notTags) {
            throw new ImageException.Unavailable(
                    "Listing tags at " + answer.uri() + " was answered with something else: " + notTags.getMessage(),
                    notTags);
        }
    }

    /** Where the next page is. */
    static Optional<String> next(HttpResponse<byte[]> answer) {
        return answer.headers()
                .firstValue("Link")
                .map(NEXT::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1));
    }
}
