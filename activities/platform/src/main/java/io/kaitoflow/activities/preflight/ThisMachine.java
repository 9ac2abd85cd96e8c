package io.kaitoflow.activities.preflight;

import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.Precision;
import io.kaitoflow.presets.Throughput;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.request.ServingTerms;
import io.kaitoflow.workflows.request.WorkspaceGoal;
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
    private final boolean bfloat16;

    /**
     * @param memory of the machine
     * @param cores that this process may use
     * @param bfloat16 whether they have kernels for bfloat16; training computes in float32 where they have none
     */
    public ThisMachine(ByteSize memory, int cores, boolean bfloat16) {
        this.memory = memory;
        this.cores = cores;
        this.bfloat16 = bfloat16;
    }

    @Override
    public boolean areProcessors() {
        return true;
    }

    @Override
    public Choice choose(WorkspaceRequest request, Precision wanted, Function<Precision, JobMemory> memoryIn) {
        boolean instead = wanted == Precision.BF16 && !bfloat16 && tunes(request.goal());
        Precision precision = instead ? Precision.FP32 : wanted;
        JobMemory needed = memoryIn.apply(precision);
        List<String> notes = new ArrayList<>();
        if (instead) {
            notes.add("This machine's processors have no kernels for bfloat16: training computes in float32 here.");
        }
        if (!request.machines().instanceTypes().isEmpty()) {
            notes.add("Nothing is bought in local mode: this machine takes the place of "
                    + String.join(", ", request.machines().instanceTypes()) + ".");
        }
        notes.addAll(forClusters(request.serving()));
        if (needed.needed().compareTo(memory) > 0) {
            String shortage = "This machine has " + memory + " of memory and the job needs " + needed.needed() + ": "
                    + needed.explanation() + ".";
            if (!request.terms().bypassResourceChecks()) {
                throw new PlanException.TooSmall(shortage);
            }
            notes.add(shortage + " It goes on because resource checks are bypassed.");
        }
        MachineOption here = new MachineOption(
                LOCAL,
                0,
                memory,
                Optional.of(BigDecimal.ZERO),
                false,
                Optional.of(Throughput.ofCores(cores, precision)));
        return new Choice(List.of(here), precision, notes);
    }

    private static List<String> forClusters(ServingTerms serving) {
        List<String> notes = new ArrayList<>();
        if (serving.byVllm()) {
            notes.add("vLLM is for clusters: on this machine this product's own server serves the model.");
        }
        if (serving.apiKeys().isPresent()) {
            notes.add(
                    "Keys are for clusters: on this machine the server listens on 127.0.0.1 alone, and asks for none.");
        }
        return notes;
    }

    private static boolean tunes(WorkspaceGoal goal) {
        return goal instanceof WorkspaceGoal.Tune || goal instanceof WorkspaceGoal.TuneThenServe;
    }
}
