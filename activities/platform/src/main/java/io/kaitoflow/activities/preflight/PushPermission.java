package io.kaitoflow.activities.preflight;

import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.request.OutputTarget;
import java.util.List;

/** Tells whether the result could be put where it is to go, by trying. */
@FunctionalInterface
public interface PushPermission {

    /** @return what speaks against it; a {@code Classified} exception is one more finding */
    List<Finding> check(OutputTarget target);
}
