package io.kaitoflow.bridge.training;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaitoflow.bridge.refusal.Findings;
import io.kaitoflow.presets.NearestNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoublePredicate;
import java.util.stream.Collectors;

/** One section of the configuration. Asking for a key makes it an honoured one; what nobody asked for is refused at the end. */
final class Section {

    private final String name;
    private final String path;
    private final JsonNode node;
    private final Findings findings;
    private final Set<String> honoured = new TreeSet<>();

    /** @param path of the section in the workspace, for messages */
    Section(String name, String path, JsonNode node, Findings findings) {
        this.name = name;
        this.path = path;
        this.node = node;
        this.findings = findings;
    }

    String name() {
        return name;
    }

    boolean has(String key) {
        honoured.add(key);
        return node.hasNonNull(key);
    }

    /** A whole number of at least {@code least}; a bad one is refused and the default taken. */
    int whole(String key, int otherwise, int least) {
        return whole(key, least).orElse(otherwise);
    }

    OptionalInt whole(String key, int least) {
        OptionalDouble number = number(
                key,
                value -> value == Math.rint(value) && value >= least && value <= Integer.MAX_VALUE,
                "must be a whole number of at least " + least);
        return number.isPresent() ? OptionalInt.of((int) number.getAsDouble()) : OptionalInt.empty();
    }

    /** A number for which the test holds; a bad one is refused with the rule and the default taken. */
    double number(String key, double otherwise, DoublePredicate test, String rule) {
        return number(key, test, rule).orElse(otherwise);
    }

    private OptionalDouble number(String key, DoublePredicate test, String rule) {
        if (!has(key)) {
            return OptionalDouble.empty();
        }
        try {
            double value = Double.parseDouble(node.get(key).asText());
            if (test.test(value)) {
                return OptionalDouble.of(value);
            }
        } catch (NumberFormatException e) {
            // Refused below with the same rule.
        }
        refuse(key, rule, "Write such a number.");
        return OptionalDouble.empty();
    }

    boolean flag(String key, boolean otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        String text = node.get(key).asText().toLowerCase(Locale.ROOT);
        if (!text.equals("true") && !text.equals("false")) {
            refuse(key, "must be true or false", "Write one of them.");
            return otherwise;
        }
        return text.equals("true");
    }

    Optional<String> text(String key) {
        if (!has(key)) {
            return Optional.empty();
        }
        if (!node.get(key).isTextual()) {
            refuse(key, "must be text", "Put it in quotes.");
            return Optional.empty();
        }
        return Optional.of(node.get(key).asText()).filter(text -> !text.isBlank());
    }

    /** The value that a word stands for; other words are refused with the list of those that can be done. */
    <T> T choice(String key, T otherwise, Map<String, T> choices) {
        if (!has(key)) {
            return otherwise;
        }
        T chosen = choices.get(node.get(key).asText());
        if (chosen == null) {
            refuse(
                    key,
                    "is not one of those that can be done",
                    "Write " + String.join(", ", new TreeSet<>(choices.keySet())) + ".");
            return otherwise;
        }
        return chosen;
    }

    /** A constant's value by its lower-case name. */
    static <E extends Enum<E>> Map<String, E> lowerCaseNames(E[] constants) {
        return Arrays.stream(constants)
                .collect(Collectors.toMap(each -> each.name().toLowerCase(Locale.ROOT), each -> each));
    }

    /** Several words, or the single one; anything else is refused, an empty list too. */
    List<String> words(String key) {
        if (!has(key)) {
            return List.of();
        }
        JsonNode value = node.get(key);
        List<JsonNode> words = value.isArray() ? value.valueStream().toList() : List.of(value);
        if (words.isEmpty() || !words.stream().allMatch(Section::isWord)) {
            refuse(key, "must be a word or a list of words", "Write such a list, or remove the key.");
            return List.of();
        }
        return words.stream().map(JsonNode::asText).toList();
    }

    private static boolean isWord(JsonNode value) {
        return value.isTextual() && !value.asText().isBlank();
    }

    void refuse(String key, String rule, String cure) {
        JsonNode found = node.path(key);
        String value = found.isContainerNode() ? found.toString() : found.asText("");
        findings.refuse(pathOf(key), value, rule, cure);
    }

    void note(String key, String text) {
        findings.note(pathOf(key) + ": " + text + ".");
    }

    String pathOf(String key) {
        return path + "." + key;
    }

    /** Judges the keys that no one asked for. */
    void judgeOthers(KeyRules rules) {
        node.fieldNames().forEachRemaining(key -> {
            if (!honoured.contains(key)) {
                judge(key, rules);
            }
        });
    }

    private void judge(String key, KeyRules rules) {
        if (rules.accepted().containsKey(key)) {
            findings.note(pathOf(key) + " has no effect: " + rules.accepted().get(key) + ".");
        } else if (rules.otherName(key).isPresent()) {
            refuse(
                    key,
                    "is known to the Python libraries, but has another name here",
                    "Write " + rules.otherName(key).get() + ".");
        } else if (rules.refused().contains(key)) {
            refuse(key, "is known to the Python libraries, but this trainer cannot honour it", "Remove it.");
        } else {
            List<String> known = new ArrayList<>(honoured);
            known.addAll(rules.accepted().keySet());
            findings.refuse(
                    pathOf(key),
                    "",
                    "is not a key of " + name + NearestNames.of(known).suggestion(key),
                    "Correct or remove it.");
        }
    }
}
