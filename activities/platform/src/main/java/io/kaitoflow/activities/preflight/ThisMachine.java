package io.kaitoflow.activities.preflight;

import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.Precision;
import io.kaitoflow.presets.Throughput;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** This machine, whatever the request names: the choice of local mode. */
public final class ThisMachine implements MachineChoice {

    private static final String LOCAL = "local";

    private final ByteSize memory;
    private final int cores;

    /**
     * @param memory of the machine
     * @param cores that this process may use
     */
    public ThisMachine(ByteSize memory, int cores) {
        this.memory = memory;
        this.cores = cores;
    }

    @Override
    public boolean areProcessors() {
        return true;
    }

    @Override
    public Choice choose(WorkspaceRequest request, Precision wanted, Function<Precision, JobMemory> memoryIn) {
        JobMemory needed = memoryIn.apply(wanted);
        List<String> notes = new ArrayList<>();
        if (!request.machines().instanceTypes().isEmpty()) {
            notes.add("Nothing is bought in local mode: this machine takes the place of "
                    + String.join(", ", request.machines().instanceTypes()) + ".");
        }
        if (request.serving().byVllm()) {
            notes.add("vLLM is for clusters: on this machine this product's own server serves the model.");
        }
        if (needed.needed().compareTo(memory) > 0) {
            String shortage = "This machine has " + memory + " of memory and the job needs " + needed.needed() + ": "
                    + needed.explanation() + ".";
            if (!request.terms().bypassResourceChecks()) {
                throw new PlanException.TooSmall(shortage);
            }
            notes.add(shortage + " It goes on because resource checks are bypassed.");
        }
        MachineOption here = new MachineOption(
                LOCAL, 0, memory, Optional.of(BigDecimal.ZERO), false, Optional.of(Throughput.ofCores(cores)));
        return new Choice(List.of(here), wanted, notes);
    }
}
