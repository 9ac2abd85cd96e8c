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

    /** Of everything that decides the ids and marks: equal digests, equal results. */
    Digest digest();
}
