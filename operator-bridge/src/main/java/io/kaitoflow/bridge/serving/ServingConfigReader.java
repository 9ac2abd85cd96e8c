package io.kaitoflow.bridge.serving;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaitoflow.bridge.refusal.Findings;
import io.kaitoflow.bridge.yaml.YamlText;
import io.kaitoflow.presets.NearestNames;
import io.kaitoflow.workflows.request.ServingLimits;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Reads an {@code inference_config.yaml}: KAITO's own, of whose section {@code vllm} two keys mean the same here, and a section
 * {@code jvm} of ours, which wins.
 */
public final class ServingConfigReader {

    /** The key of the ConfigMap. */
    public static final String KEY = "inference_config.yaml";

    private static final String OURS = "jvm";
    private static final String KAITOS = "vllm";
    private static final String PROBE = "max_probe_steps";
    private static final String CONTEXT = "context";
    private static final String REPLIES = "replies";
    private static final String QUEUE = "queue";

    /** vLLM's names of what we have too. */
    private static final Map<String, String> SAME = Map.of("max-model-len", CONTEXT, "max-num-seqs", REPLIES);

    private final String base;
    private final Findings findings;

    /** @param path of the field that names the ConfigMap, for messages */
    public ServingConfigReader(String path, Findings findings) {
        this.base = path + ": " + KEY;
        this.findings = findings;
    }

    /** What was asked for; meaningless when something was refused. */
    public ServingLimits read(String text) {
        try {
            List<JsonNode> documents = new YamlText(text).documents();
            if (documents.isEmpty()) {
                return ServingLimits.none();
            }
            if (documents.size() > 1 || !documents.getFirst().isObject()) {
                refuse("", "", "must be one object", "Write " + OURS + ": with " + String.join(", ", keys()) + ".");
                return ServingLimits.none();
            }
            return limits(documents.getFirst());
        } catch (YamlText.BrokenYamlException e) {
            refuse("", "", "is not YAML: " + e.getMessage(), "Correct that place.");
            return ServingLimits.none();
        }
    }

    private static List<String> keys() {
        return List.of(CONTEXT, REPLIES, QUEUE);
    }

    private ServingLimits limits(JsonNode document) {
        document.fieldNames().forEachRemaining(this::judgeSection);
        JsonNode theirs = document.path(KAITOS);
        JsonNode ours = document.path(OURS);
        theirs.fieldNames().forEachRemaining(this::judgeTheirs);
        ours.fieldNames().forEachRemaining(this::judgeOurs);
        return new ServingLimits(
                number(ours, theirs, CONTEXT, 2), number(ours, theirs, REPLIES, 1), number(ours, theirs, QUEUE, 1));
    }

    private void judgeSection(String name) {
        if (name.equals(PROBE)) {
            findings.note(base + "." + name + " has no effect: nothing is probed here.");
        } else if (!name.equals(OURS) && !name.equals(KAITOS)) {
            List<String> known = List.of(OURS, KAITOS, PROBE);
            refuse(
                    "." + name,
                    "",
                    "is not a section" + NearestNames.of(known).suggestion(name),
                    "Correct or remove it.");
        }
    }

    private void judgeTheirs(String key) {
        if (!SAME.containsKey(key)) {
            findings.note(base + "." + KAITOS + "." + key + " has no effect: this server is not vLLM.");
        }
    }

    private void judgeOurs(String key) {
        if (!keys().contains(key)) {
            refuse(
                    "." + OURS + "." + key,
                    "",
                    "is not a key of " + OURS + NearestNames.of(keys()).suggestion(key),
                    "Correct or remove it.");
        }
    }

    private OptionalInt number(JsonNode ours, JsonNode theirs, String key, int least) {
        if (ours.hasNonNull(key)) {
            return number(ours.get(key), OURS + "." + key, least);
        }
        return SAME.entrySet().stream()
                .filter(same -> same.getValue().equals(key) && theirs.hasNonNull(same.getKey()))
                .findFirst()
                .map(same -> number(theirs.get(same.getKey()), KAITOS + "." + same.getKey(), least))
                .orElse(OptionalInt.empty());
    }

    private OptionalInt number(JsonNode value, String name, int least) {
        if (value.canConvertToInt() && value.isIntegralNumber() && value.intValue() >= least) {
            return OptionalInt.of(value.intValue());
        }
        refuse("." + name, value.asText(), "must be a whole number of at least " + least, "Write such a number.");
        return OptionalInt.empty();
    }

    private void refuse(String path, String value, String rule, String cure) {
        findings.refuse(base + path, value, rule, cure);
    }
}
