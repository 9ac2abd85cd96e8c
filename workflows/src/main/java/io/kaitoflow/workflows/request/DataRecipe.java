package io.kaitoflow.workflows.request;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How rows are read.
 *
 * @param path file or folder inside the source; all data files when absent
 * @param extension only files of this kind: parquet, jsonl, json, csv
 * @param columns names that replace the usual ones
 * @param shuffle whether rows change order every epoch
 * @param shuffleSeed of that order
 * @param trainFraction share of rows that is trained on; the rest is held out for evaluation
 * @param maxLength tokens a row keeps; the model's context when absent
 * @param packing several rows in one sequence
 * @param completionOnlyLoss loss on the answer's tokens alone
 * @param chatTemplate Jinja text that replaces the model's own
 * @param groupByLength rows of like length go together, so that little is padded
 * @param keepEnd of a row that is too long the end is kept, not the beginning
 */
public record DataRecipe(
        Optional<String> path,
        Optional<String> extension,
        Columns columns,
        boolean shuffle,
        long shuffleSeed,
        double trainFraction,
        OptionalInt maxLength,
        boolean packing,
        boolean completionOnlyLoss,
        Optional<String> chatTemplate,
        boolean groupByLength,
        boolean keepEnd) {

    /** Rows in any order, and cut at their end. */
    public DataRecipe(
            Optional<String> path,
            Optional<String> extension,
            Columns columns,
            boolean shuffle,
            long shuffleSeed,
            double trainFraction,
            OptionalInt maxLength,
            boolean packing,
            boolean completionOnlyLoss,
            Optional<String> chatTemplate) {
        this(
                path,
                extension,
                columns,
                shuffle,
                shuffleSeed,
                trainFraction,
                maxLength,
                packing,
                completionOnlyLoss,
                chatTemplate,
                false,
                false);
    }

    /** Column names from DatasetConfig. */
    public record Columns(Optional<String> messages, Optional<String> context, Optional<String> response) {
        public static Columns usual() {
            return new Columns(Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    /** Everything found, shuffled with seed 42, nothing held out, answers scored. */
    public static DataRecipe defaults() {
        return new DataRecipe(
                Optional.empty(),
                Optional.empty(),
                Columns.usual(),
                true,
                42,
                1.0,
                OptionalInt.empty(),
                false,
                true,
                Optional.empty());
    }
}
