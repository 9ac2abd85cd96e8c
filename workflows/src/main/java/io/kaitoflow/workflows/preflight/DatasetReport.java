package io.kaitoflow.workflows.preflight;

import java.util.List;

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
        List<String> longest) {

    public DatasetReport {
        longest = List.copyOf(longest);
    }
}
