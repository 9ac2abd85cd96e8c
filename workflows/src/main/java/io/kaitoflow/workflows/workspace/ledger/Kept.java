package io.kaitoflow.workflows.workspace.ledger;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.kaitoflow.workflows.parking.ParkedAdapter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is written down of a result that could not be pushed, and of the place where it is kept. */
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
public final class Kept {

    private boolean berthed;
    private @Nullable Keyed<ParkedAdapter> result;

    /** From now on there may be a place; noted before it is made. */
    public void berth() {
        berthed = true;
    }

    /** Whether there may be a place. */
    public boolean berthed() {
        return berthed;
    }

    /** What lies there, under the key of its tuning. */
    public Optional<Keyed<ParkedAdapter>> result() {
        return Optional.ofNullable(result);
    }

    public void took(StepKey key, ParkedAdapter adapter) {
        result = new Keyed<>(key, adapter);
    }

    /** The place is gone, or goes with the workspace. */
    public void discarded() {
        berthed = false;
        result = null;
    }
}
