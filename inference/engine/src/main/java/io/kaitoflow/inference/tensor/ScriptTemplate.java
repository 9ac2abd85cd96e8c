package io.kaitoflow.inference.tensor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Program text with {@code ${name}} placeholders for numbers that are known when the program is compiled. */
public record ScriptTemplate(String text) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([a-zA-Z]+)}");

    /** The text with every {@code ${name}} replaced. */
    public ScriptTemplate with(String name, Object value) {
        return new ScriptTemplate(PLACEHOLDER
                .matcher(text)
                .replaceAll(match ->
                        Matcher.quoteReplacement(match.group(1).equals(name) ? String.valueOf(value) : match.group())));
    }

    /** The finished text; a placeholder left over is a mistake of the caller. */
    public String finished() {
        Matcher left = PLACEHOLDER.matcher(text);
        if (left.find()) {
            throw new IllegalStateException("No value for " + left.group() + " in a program");
        }
        return text;
    }
}
