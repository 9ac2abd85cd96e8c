package io.kaitoflow.bridge.translate;

import io.kaitoflow.bridge.refusal.Findings;
import io.kaitoflow.presets.NearestNames;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the values of a workspace's annotations; a bad one is refused and then taken for absent. */
final class Annotations {

    private static final Pattern NUMBER = Pattern.compile("[+-]?(?:\\d{1,9}(?:\\.\\d{0,9})?|\\.\\d{1,9})");
    private static final Pattern ANOTHER_NUMBER = Pattern.compile("[+-]?[\\d.]+(?:[eE][+-]?\\d+)?");

    private final Map<String, String> values;
    private final Findings findings;

    Annotations(Map<String, String> values, Findings findings) {
        this.values = values;
        this.findings = findings;
    }

    /** Says which annotations under our prefix mean nothing; they may be another tool's, or a slip. */
    void noteUnknown() {
        NearestNames known = NearestNames.of(AnnotationName.keys());
        values.keySet().stream()
                .filter(key -> key.startsWith(AnnotationName.PREFIX))
                .filter(key -> AnnotationName.of(key).isEmpty())
                .sorted()
                .forEach(key ->
                        findings.note("Annotation " + key + " is not known and has no effect" + known.suggestion(key)));
    }

    boolean flag(AnnotationName name, boolean otherwise) {
        return word(name, List.of("true", "false")).map("true"::equals).orElse(otherwise);
    }

    /** One of the allowed words, in any case. */
    Optional<String> word(AnnotationName name, List<String> allowed) {
        Optional<String> word = text(name).map(text -> text.toLowerCase(Locale.ROOT));
        if (word.isPresent() && !allowed.contains(word.get())) {
            String choices = String.join(" or ", allowed);
            refuse(name, "must be " + choices, "Write \"" + allowed.getFirst() + "\" or another of these, in quotes.");
            return Optional.empty();
        }
        return word;
    }

    /** A number above zero. */
    Optional<BigDecimal> positive(AnnotationName name) {
        Optional<BigDecimal> number = number(name);
        if (number.isPresent() && number.get().signum() <= 0) {
            refuse(name, "must be above zero", "Write a number above zero, or remove the annotation.");
            return Optional.empty();
        }
        return number;
    }

    /** One that can be reckoned with and printed: an exponent may make a number that fills the memory. */
    Optional<BigDecimal> number(AnnotationName name) {
        Optional<String> text = text(name);
        if (text.isPresent() && !NUMBER.matcher(text.get()).matches()) {
            boolean another = ANOTHER_NUMBER.matcher(text.get()).matches();
            refuse(
                    name,
                    another ? "must have at most nine digits before the point and nine after it" : "must be a number",
                    "Write a number like \"2.5\", in quotes.");
            return Optional.empty();
        }
        return text.map(BigDecimal::new);
    }

    /** Words between commas. */
    List<String> list(AnnotationName name) {
        return text(name).stream()
                .flatMap(text -> Arrays.stream(text.split(",")))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    Optional<String> text(AnnotationName name) {
        return Optional.ofNullable(values.get(name.key())).map(String::strip);
    }

    void refuse(AnnotationName name, String rule, String cure) {
        findings.refuse(path(name), text(name).orElse(""), rule, cure);
    }

    static String path(AnnotationName name) {
        return "metadata.annotations[" + name.key() + "]";
    }
}
