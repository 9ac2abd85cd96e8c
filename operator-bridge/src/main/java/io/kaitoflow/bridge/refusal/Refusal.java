package io.kaitoflow.bridge.refusal;

/**
 * One mistake in what a user wrote.
 *
 * @param path of the field, e.g. {@code tuning.output.image}
 * @param value that was found, as text; empty when the field is absent
 * @param rule that it breaks, a clause: {@code "must be …"}
 * @param cure what to do, a sentence
 */
public record Refusal(String path, String value, String rule, String cure) {

    /** The whole refusal in one line. */
    public String sentence() {
        String found = value.isEmpty() ? path : path + ": \"" + value + "\"";
        return found + " " + broken();
    }

    /** The rule and the cure, for those who show path and value in their own way. */
    public String broken() {
        String end = rule.endsWith("?") ? " " : ". ";
        return rule + end + cure;
    }
}
