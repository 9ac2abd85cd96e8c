package io.kaitoflow.worker.cli.questions;

import java.util.List;
import java.util.Locale;

/**
 * One line of a questions file.
 *
 * @param question asked as a user would
 * @param kind whether only the data set holds the answer, or anyone knows it
 * @param expect all of these must occur in the answer, whatever their case
 */
public record Question(String question, Kind kind, List<String> expect) {

    /** Who can know the answer. */
    public enum Kind {
        FACT("facts of the data set"),
        GENERAL("general knowledge");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    public Question {
        expect = List.copyOf(expect);
    }

    boolean rightIn(String answer) {
        String lower = answer.toLowerCase(Locale.ROOT);
        return expect.stream().allMatch(key -> lower.contains(key.toLowerCase(Locale.ROOT)));
    }
}
