package io.kaitoflow.activities.preflight;

import io.kaitoflow.workflows.preflight.AdapterTask;
import io.kaitoflow.workflows.preflight.Finding;
import java.util.List;
import java.util.function.Consumer;

/** Looks into volumes that hold adapters before anything is bought. */
@FunctionalInterface
public interface AdapterInspection {

    /**
     * Looks whether each adapter is there and fits the model.
     *
     * @param waiting is told what is waited for when that takes long
     * @return what speaks against each; a {@code Classified} exception is one more finding, about all of them
     */
    List<Finding> inspect(AdapterTask task, Consumer<String> waiting);

    /**
     * Whether the workspace's server reads these volumes for this model already, so that it says what speaks against an adapter sooner than
     * anybody else could, and goes on with those it has.
     */
    default boolean seenByServer(AdapterTask task) {
        return false;
    }
}
