package io.kaitoflow.presets;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** NVIDIA's number for what a GPU generation can do, e.g. {@code 8.0} for Ampere. */
public record ComputeCapability(int major, int minor) {

    private static final Pattern FORM = Pattern.compile("(\\d+)\\.(\\d)");

    @JsonCreator
    public static ComputeCapability parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("Not a compute capability: \"" + text + "\"; write e.g. 8.0");
        }
        return new ComputeCapability(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /** bf16 products run in hardware from Ampere on. */
    public boolean nativeBf16() {
        return major >= 8;
    }

    @JsonValue
    @Override
    public String toString() {
        return major + "." + minor;
    }
}
