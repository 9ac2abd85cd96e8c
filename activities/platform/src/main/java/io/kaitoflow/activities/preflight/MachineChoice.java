package io.kaitoflow.activities.preflight;

import io.kaitoflow.presets.Precision;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Which kinds of machines a request may use. */
public interface MachineChoice {

    /**
     * Looks through the machines that the request allows.
     *
     * @param wanted number format of the request
     * @param memory what the job takes in a number format
     */
    Choice choose(WorkspaceRequest request, Precision wanted, Function<Precision, JobMemory> memory);

    /** Whether nothing but processors works there, in a process of the machine. */
    default boolean areProcessors() {
        return false;
    }

    /**
     * A choice.
     *
     * @param machines that hold the job, in the order in which they are tried; never empty
     * @param precision that the first of them can do
     * @param notes what a user may want to know about them, a sentence each
     * @param expected what the user's own nodes are that would be taken now; empty for what is bought
     */
    record Choice(
            List<MachineOption> machines, Precision precision, List<String> notes, Optional<MachineOption> expected) {
        public Choice {
            machines = List.copyOf(machines);
            notes = List.copyOf(notes);
        }

        public Choice(List<MachineOption> machines, Precision precision, List<String> notes) {
            this(machines, precision, notes, Optional.empty());
        }
    }
}
