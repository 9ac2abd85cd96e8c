package io.kaitoflow.activities.processes;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process by its number and its start: numbers are used again, but not with the same start.
 *
 * @param pid of the operating system
 * @param startedAt as the operating system tells it
 */
public record ProcessIdentity(long pid, Instant startedAt) {

    /** The start is derived from a boot time that is whole seconds and may be corrected by one. */
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    private static final Pattern FORM = Pattern.compile("(\\d{1,18}) (\\S+)");

    public static ProcessIdentity of(ProcessHandle process) {
        return new ProcessIdentity(process.pid(), start(process));
    }

    /** Reads what {@link #text} wrote; empty when the text is damaged. */
    public static Optional<ProcessIdentity> parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ProcessIdentity(Long.parseLong(matcher.group(1)), Instant.parse(matcher.group(2))));
        } catch (DateTimeParseException damaged) {
            return Optional.empty();
        }
    }

    /** One line without an end. */
    public String text() {
        return pid + " " + startedAt;
    }

    /** The process, if it still runs. */
    public Optional<ProcessHandle> running() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process ->
                        Duration.between(startedAt, start(process)).abs().compareTo(TOLERANCE) <= 0);
    }

    private static Instant start(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }
}
