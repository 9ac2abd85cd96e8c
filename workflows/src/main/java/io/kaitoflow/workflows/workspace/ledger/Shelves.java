package io.kaitoflow.workflows.workspace.ledger;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import io.kaitoflow.workflows.request.OutputTarget;
import java.util.ArrayList;
import java.util.List;

/** Beside which images checkpoints lie that nobody has forgotten. */
@JsonAutoDetect(
        fieldVisibility = Visibility.ANY,
        getterVisibility = Visibility.NONE,
        isGetterVisibility = Visibility.NONE)
public final class Shelves {

    private final List<OutputTarget> shelves = new ArrayList<>();

    /** Oldest first. */
    public List<OutputTarget> all() {
        return List.copyOf(shelves);
    }

    /** From now on a tuner puts checkpoints there. */
    public void used(OutputTarget target) {
        if (target instanceof OutputTarget.Image && !shelves.contains(target)) {
            shelves.add(target);
        }
    }

    public void cleared(OutputTarget shelf) {
        shelves.remove(shelf);
    }
}
