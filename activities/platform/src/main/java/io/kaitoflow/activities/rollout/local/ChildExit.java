package io.kaitoflow.activities.rollout.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How a child process ended.
 *
 * @param role what it was there for, e.g. {@code tuner}
 * @param code its exit status; above 128 it was ended by the signal (code - 128)
 * @param log where its output is
 */
public record ChildExit(String role, int code, Path log) {

    private static final int KILLED = 128 + 9;
    private static final int LONGEST_QUOTE = 300;

    /** One sentence with the likely reason and the last line of the log. */
    public String sentence() {
        String hint = code == KILLED ? " (killed: when no person did it, the machine ran out of memory)" : "";
        return "The " + role + " ended with exit code " + code + hint + "; its output is in " + log + lastLine() + ".";
    }

    private String lastLine() {
        try {
            // Not readString: a child that was killed may have left half a character.
            List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            return lines.isEmpty()
                    ? ""
                    : ", which ends with: " + quote(lines.getLast().strip());
        } catch (IOException unreadable) {
            return "";
        }
    }

    private static String quote(String line) {
        return line.substring(0, Math.min(line.length(), LONGEST_QUOTE));
    }
}
