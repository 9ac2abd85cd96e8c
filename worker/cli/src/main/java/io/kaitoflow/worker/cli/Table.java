package io.kaitoflow.worker.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Columns as wide as their widest cell, three spaces between, as kubectl prints them. */
final class Table {

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... header) {
        rows.add(List.of(header));
    }

    void row(String... cells) {
        rows.add(List.of(cells));
    }

    void print(PrintStream out) {
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
