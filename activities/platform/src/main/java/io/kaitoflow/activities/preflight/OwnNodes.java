package io.kaitoflow.activities.preflight;

import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import java.util.List;
import java.util.Optional;

/** Tells which of the user's own nodes a claim would be given. */
@FunctionalInterface
public interface OwnNodes {

    /** Where the cluster is not known. */
    OwnNodes UNKNOWN = demand -> new Prospect(
            Optional.empty(),
            List.of(
                    "Own nodes are used, each of them whole: as many GPUs are counted as it has. Which nodes there are is not known"
                            + " here."));

    /** Looks and takes nothing. */
    Prospect look(NodeRequest demand);

    /**
     * What is there now, which may be another thing when it is claimed.
     *
     * @param expected the machine that would be taken; empty where there is none yet
     * @param notes what is counted, and why other nodes are not taken, a sentence each
     */
    record Prospect(Optional<MachineOption> expected, List<String> notes) {
        public Prospect {
            notes = List.copyOf(notes);
        }
    }
}
