package io.kaitoflow.workflows.preflight;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What the data set holds after tokenising.
 *
 * @param rows usable rows
 * @param heldOutRows of these, kept for evaluation
 * @param tokens of all rows
 * @param scoredTokens that carry loss
 * @param longestRow tokens of the longest row
 * @param truncatedRows rows cut at the maximal length
 * @param duplicates rows equal to an earlier one
 * @param exact false when only a seeded sample was read
 * @param longest file and row number of the longest rows, with their tokens
 * @param lengths how many rows are how long, shortest first; bands without rows are left out
 * @param files names of the files that were read, in their order; where they are many, the last says how many more
 */
public record DatasetReport(
        long rows,
        long heldOutRows,
        long tokens,
        long scoredTokens,
        int longestRow,
        long truncatedRows,
        long duplicates,
        boolean exact,
        List<String> longest,
        List<Band> lengths,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> files) {

    public DatasetReport {
        longest = List.copyOf(longest);
        // Absent from what older runs said.
        lengths = List.copyOf(Objects.requireNonNullElse(lengths, List.of()));
        files = List.copyOf(Objects.requireNonNullElse(files, List.of()));
    }

    /** Of files whose names are not told. */
    public DatasetReport(
            long rows,
            long heldOutRows,
            long tokens,
            long scoredTokens,
            int longestRow,
            long truncatedRows,
            long duplicates,
            boolean exact,
            List<String> longest,
            List<Band> lengths) {
        this(
                rows,
                heldOutRows,
                tokens,
                scoredTokens,
                longestRow,
                truncatedRows,
                duplicates,
                exact,
                longest,
                lengths,
                List.of());
    }

    /** Of rows whose lengths are not told apart. */
    public DatasetReport(
            long rows,
            long heldOutRows,
            long tokens,
            long scoredTokens,
            int longestRow,
            long truncatedRows,
            long duplicates,
            boolean exact,
            List<String> longest) {
        this(rows, heldOutRows, tokens, scoredTokens, longestRow, truncatedRows, duplicates, exact, longest, List.of());
    }

    /**
     * Rows of like length, as they are trained on.
     *
     * @param most tokens of the longest, a power of two; the band begins above half of it
     */
    public record Band(int most, long rows) {}

    /** The same, of these files. */
    public DatasetReport of(List<String> names) {
        return new DatasetReport(
                rows,
                heldOutRows,
                tokens,
                scoredTokens,
                longestRow,
                truncatedRows,
                duplicates,
                exact,
                longest,
                lengths,
                names);
    }

    /** The bands in words, e.g. {@code up to 64 tokens 80, up to 128 16}; empty where they are not known. */
    public String lengthsInWords() {
        return lengths.stream()
                .map(band ->
                        "up to " + band.most() + (band.equals(lengths.getFirst()) ? " tokens " : " ") + band.rows())
                .collect(Collectors.joining(", "));
    }
}
