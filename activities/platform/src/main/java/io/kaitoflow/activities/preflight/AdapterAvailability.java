package io.kaitoflow.activities.preflight;

import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.request.AdapterReference;
import java.util.List;

/** Tells whether an adapter that is to be served can be pulled. */
@FunctionalInterface
public interface AdapterAvailability {

    /** @return what speaks against it; a {@code Classified} exception is one more finding */
    List<Finding> check(AdapterReference adapter);
}
