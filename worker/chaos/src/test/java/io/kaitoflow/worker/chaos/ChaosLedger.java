package io.kaitoflow.worker.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** A file with a line for each seed that was run, so that a thousand of them may take several sittings. */
final class ChaosLedger {

    private static final String WELL = "well";
    private static final int COLUMNS = 5;

    /** One line: seed, commit, verdict, seconds, and the cell. */
    record Entry(long seed, String commit, boolean well, double seconds, String cell) {

        private static Entry parse(String line) {
            List<String> columns = List.of(line.split("\t", COLUMNS));
            return new Entry(
                    Long.parseLong(columns.get(0)),
                    columns.get(1),
                    columns.get(2).equals(WELL),
                    Double.parseDouble(columns.get(3)),
                    columns.get(4));
        }

        private String line() {
            return String.format(
                    Locale.ROOT, "%d\t%s\t%s\t%.1f\t%s%n", seed, commit, well ? WELL : "failed", seconds, cell);
        }
    }

    private final Path file;

    ChaosLedger(Path file) {
        this.file = file;
    }

    synchronized void add(CrashPoint point, String commit, boolean well, Duration time) {
        Entry entry = new Entry(
                point.seed(),
                commit,
                well,
                time.toMillis() / 1000.0,
                point.victim() + " " + point.moment() + " " + point.step());
        try {
            Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
            Files.writeString(file, entry.line(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was run on a commit. */
    List<Entry> of(String commit) {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return Files.readAllLines(file).stream()
                    .map(Entry::parse)
                    .filter(entry -> entry.commit().equals(commit))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Set<Long> seeds(String commit) {
        return of(commit).stream().map(Entry::seed).collect(Collectors.toSet());
    }

    /** A row for each victim. */
    String table(String commit) {
        List<Entry> entries = of(commit);
        StringBuilder table = new StringBuilder("| Victim | Seeds | Well | Slowest, s |\n|---|---|---|---|\n");
        for (Victim victim : Victim.values()) {
            List<Entry> own = entries.stream()
                    .filter(entry -> entry.cell().startsWith(victim + " "))
                    .toList();
            table.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %d | %.0f |%n",
                    victim.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    own.size(),
                    own.stream().filter(Entry::well).count(),
                    own.stream().mapToDouble(Entry::seconds).max().orElse(0)));
        }
        return table.toString();
    }
}
