package io.kaitoflow.activities.rollout.cluster;

import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.workflows.plan.MachineOption;
import java.util.List;
import java.util.Optional;

/**
 * The images that hold tuner and server.
 *
 * @param processor for machines without a GPU
 * @param cuda for machines with one
 * @param vllm of vLLM, which is not ours
 * @param pullPolicy as Kubernetes writes it
 * @param pullSecrets in each workspace's namespace
 * @param command that runs a main class of the image, whose name is added; flags of the JVM go after its first word
 */
public record RuntimeImages(
        Optional<String> processor,
        Optional<String> cuda,
        Optional<String> vllm,
        String pullPolicy,
        List<String> pullSecrets,
        List<String> command) {

    public RuntimeImages {
        pullSecrets = List.copyOf(pullSecrets);
        command = List.copyOf(command);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("A command has at least one word.");
        }
    }

    /** For work that needs no machine of its own. */
    String anywhere() {
        return processor
                .or(this::cuda)
                .orElseThrow(
                        () -> new RolloutException.Unsupported(
                                "This installation names no image for pods; set KAITOFLOW_RUNTIME_IMAGE on the control plane."));
    }

    /** A processor would do a GPU's work at a GPU's price, so neither image stands in for the other. */
    String on(MachineOption machine) {
        return (machine.gpus() > 0 ? cuda : processor)
                .orElseThrow(() -> new RolloutException.Unsupported(
                        "This installation names no image for pods on a " + machine.instanceType() + " with "
                                + machine.gpus() + " GPUs; set "
                                + (machine.gpus() > 0
                                        ? "KAITOFLOW_RUNTIME_IMAGE_CUDA on the control plane (chart: runtime.cudaImage)."
                                        : "KAITOFLOW_RUNTIME_IMAGE on the control plane.")));
    }
}
