package io.kaitoflow.worker.cli.terminal;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Columns as wide as their widest cell, three spaces between, as kubectl prints them. */
public final class Table {

    private final List<List<String>> rows = new ArrayList<>();

    /** @param header a word for each column */
    public Table(String... header) {
        rows.add(List.of(header));
    }

    /** @param cells as many as the header has */
    public void row(String... cells) {
        rows.add(List.of(cells));
    }

    /** Columns as wide as their widest cell. */
    public void print(PrintStream out) {
        int columns = rows.getFirst().size();
        List<Integer> widths = IntStream.range(0, columns)
                .mapToObj(c ->
                        rows.stream().mapToInt(row -> row.get(c).length()).max().orElse(0))
                .toList();
        for (List<String> row : rows) {
            String line = IntStream.range(0, columns)
                    .mapToObj(c ->
                            row.get(c) + " ".repeat(widths.get(c) - row.get(c).length()))
                    .collect(Collectors.joining("   "));
            out.println(line.stripTrailing());
        }
    }
}
