package io.kaitoflow.worker.control;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Who buys machines for workspaces that name a kind; the user's own nodes can always be used. */
public enum Buyer {
    KARPENTER,
    AZURE,
    NONE;

    /** @throws IllegalArgumentException that names the variable, its value and the rule */
    static Buyer parse(String variable, String text) {
        return Arrays.stream(values())
                .filter(buyer -> buyer.word().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(variable + ": \"" + text + "\" must be one of "
                        + Arrays.stream(values()).map(Buyer::word).collect(Collectors.joining(", ")) + "."));
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
