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
 * @param memoryWasFull whether the system ended a process for its memory meanwhile
 */
public record ChildExit(String role, int code, Path log, boolean memoryWasFull) {

    private static final int KILLED = 128 + 9;
    private static final int LONGEST_QUOTE = 300;

    /** Whether the system killed it because the memory was full; a person's kill looks the same but for the count. */
    public boolean outOfMemory() {
        return code == KILLED && memoryWasFull;
    }

    /** One sentence with the reason and the last line of the log. */
    public String sentence() {
        return "The " + role + " ended with exit code " + code + hint() + "; its output is in " + log + lastLine()
                + ".";
    }

    private String hint() {
        if (code != KILLED) {
            return "";
        }
        return memoryWasFull
                ? " (killed by the system: the memory was full)"
                : " (killed, and not because the memory was full as far as this system tells)";
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
