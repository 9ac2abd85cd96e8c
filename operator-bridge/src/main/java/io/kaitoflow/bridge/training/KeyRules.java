package io.kaitoflow.bridge.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaitoflow.bridge.yaml.YamlText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is said about a section's keys that are not honoured.
 *
 * @param accepted keys that mean nothing here, with the reason
 * @param refused keys that the Python libraries know and this trainer cannot do
 * @param instead keys that have another name here, with that name; absent where a section has none
 */
record KeyRules(
        Map<String, String> accepted,
        List<String> refused,
        @Nullable Map<String, String> instead) {

    KeyRules {
        accepted = Map.copyOf(accepted);
        refused = List.copyOf(refused);
        instead = Map.copyOf(Objects.requireNonNullElse(instead, Map.of()));
    }

    /** What to write in the place of a key. */
    Optional<String> otherName(String key) {
        return Optional.ofNullable(instead == null ? null : instead.get(key));
    }

    /** The rules of all sections, by the section's name. */
    static Map<String, KeyRules> load() {
        String name = "training-config-keys.yaml";
        try (InputStream stream = Objects.requireNonNull(KeyRules.class.getResourceAsStream(name), name)) {
            JsonNode document = new YamlText(new String(stream.readAllBytes(), StandardCharsets.UTF_8))
                    .documents()
                    .getFirst();
            return new JsonMapper().treeToValue(document, new TypeReference<Map<String, KeyRules>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(name + " of this release does not have its form", e);
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to read " + name + " of this release", e);
        }
    }
}
