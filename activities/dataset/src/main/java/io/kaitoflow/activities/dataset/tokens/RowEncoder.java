package io.kaitoflow.activities.dataset.tokens;

import io.kaitoflow.activities.dataset.rows.TrainingRow;
import io.kaitoflow.presets.Digest;

/** Makes token ids of rows. */
public interface RowEncoder {

    /**
     * The whole row, however long.
     *
     * @throws RowRefusedException when the model has no form for it
     */
    TokenisedRow encode(TrainingRow row);

    /** Whether a running text spells one of the model's own marks, which {@link #encode} leaves as the letters that it is. */
    default boolean spellsMark(TrainingRow row) {
        return false;
    }

    /** Of everything that decides the ids and marks: equal digests, equal results. */
    Digest digest();
}
