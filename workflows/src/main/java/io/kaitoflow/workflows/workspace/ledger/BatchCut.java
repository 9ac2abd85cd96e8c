package io.kaitoflow.workflows.workspace.ledger;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How often the batch was halved because the machine ran out of memory, under the key of the tuning that it happened to. */
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
public final class BatchCut {

    private @Nullable StepKey halved;
    private @Nullable String halving;
    private int divisor;

    /** 1, and twice as much each time the machine ran out of memory under this key. */
    public int divisor(StepKey key) {
        // Earlier releases halved once and kept no number.
        return key.equals(halved) ? Math.max(2, divisor) : 1;
    }

    /** @param why what is told while the batch is smaller */
    public void halve(StepKey key, String why) {
        divisor = 2 * divisor(key);
        halved = key;
        halving = why;
    }

    /** Why the batch is smaller under this key; empty when it is not. */
    public String reason(StepKey key) {
        return key.equals(halved) ? Objects.requireNonNullElse(halving, "") : "";
    }
}
