package io.kaitoflow.activities.dataset.rows;

import java.util.List;

/** What one row teaches. */
public sealed interface TrainingRow {

    /** A conversation; the assistant's turns are learnt. */
    record Chat(List<Turn> turns) implements TrainingRow {
        public Chat {
            turns = List.copyOf(turns);
        }
    }

    /** A question and its answer; the answer is learnt. */
    record Completion(String prompt, String completion) implements TrainingRow {}

    /** Running text; all of it is learnt. */
    record Text(String text) implements TrainingRow {}
}
