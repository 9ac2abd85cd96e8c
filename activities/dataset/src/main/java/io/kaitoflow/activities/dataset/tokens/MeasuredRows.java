package io.kaitoflow.activities.dataset.tokens;

import java.util.List;

/** Rows whose lengths are known without reading them. */
public interface MeasuredRows extends List<TokenisedRow> {

    /** Tokens of the row at this place. */
    int length(int index);
}
