package io.kaitoflow.activities.rollout.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.kaitoflow.activities.rollout.AdapterStanding;
import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.activities.rollout.cluster.volumes.MountedSecrets;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.rollout.RolloutActivities.RollInput;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The pods of a server that is vLLM: the fetcher brings model and adapters and writes vLLM's configuration, vLLM listens to its pod
 * alone, and the gateway is what the Service finds. Other adapters are another pod.
 */
final class VllmManifest {

    private static final int PORT = 8000;

    private final ClusterSettings settings;
    private final RuntimePod runtime;
    private final ServerManifest ours;

    VllmManifest(ClusterSettings settings) {
        this.settings = settings;
        this.runtime = new RuntimePod(settings);
        this.ours = new ServerManifest(settings);
    }

    PodTemplateSpec pod(RollInput input) {
        requireGpu(input.lease().option());
        PodTemplateSpec pod = ours.template(input, spec(input));
        pod.getMetadata().getLabels().put(PodLabels.ROLLOUT, AdapterStanding.revisionOf(Serialization.asJson(pod)));
        return pod;
    }

    private static void requireGpu(MachineOption machine) {
        if (machine.gpus() == 0) {
            throw new RolloutException.Unsupported("vLLM needs a machine with a GPU, and " + machine.instanceType()
                    + " has none; remove the annotation kaito.sh/runtime.");
        }
    }

    private PodSpec spec(RollInput input) {
        String image = settings.images().anywhere();
        return ours.surroundings(input)
                .withInitContainers(ours.fetcher(Role.FETCHER, image, "512Mi", input))
                .withContainers(vllm(input), gateway(input, image))
                .build();
    }

    private Container vllm(RollInput input) {
        return ServerManifest.mounted(input, runtime.container(Role.SERVER, image(), MountedSecrets.none(), Map.of()))
                .withName("vllm")
                .withCommand("vllm", "serve")
                .withArgs(arguments(input))
                .withNewLifecycle()
                .withNewPreStop()
                .withNewExec()
                .withCommand("sleep", Long.toString(ServerManifest.LINGER.toSeconds()))
                .endExec()
                .endPreStop()
                .endLifecycle()
                .withEnv(environment())
                .withResources(RuntimePod.resources(input.lease().option(), input.memory()))
                .build();
    }

    String image() {
        return settings.images()
                .vllm()
                .orElseThrow(
                        () -> new RolloutException.Unsupported(
                                "This installation names no image of vLLM; set KAITOFLOW_RUNTIME_IMAGE_VLLM on the control plane."));
    }

    private static List<String> arguments(RollInput input) {
        List<String> arguments = new ArrayList<>(List.of(
                "--config=" + RuntimePod.HOME + "/served/vllm.yaml",
                "--host=127.0.0.1",
                "--port=" + PORT,
                "--served-model-name=" + input.preset().name(),
                "--tensor-parallel-size=" + input.lease().option().gpus()));
        input.limits().context().ifPresent(tokens -> arguments.add("--max-model-len=" + tokens));
        input.limits().replies().ifPresent(replies -> arguments.add("--max-num-seqs=" + replies));
        return arguments;
    }

    /** Nothing that our own processes need; its user has no name in its image, and its caches need a place. */
    private List<EnvVar> environment() {
        Map<String, String> values = new TreeMap<>(Map.of(
                "HOME", RuntimePod.HOME,
                "USER", "kaitoflow",
                "LOGNAME", "kaitoflow",
                "VLLM_NO_USAGE_STATS", "1",
                "HF_HUB_OFFLINE", "1"));
        values.putAll(settings.pods().environment());
        return values.entrySet().stream()
                .map(entry -> new EnvVar(entry.getKey(), entry.getValue(), null))
                .toList();
    }

    private Container gateway(RollInput input, String image) {
        String defaultModel = input.adapters().stream()
                .map(ServedAdapter::name)
                .findFirst()
                .orElse(input.preset().name());
        ContainerBuilder gateway = ServerManifest.probed(
                        runtime.container(Role.GATEWAY, image, MountedSecrets.none(), Map.of()))
                .withArgs(
                        "--host=0.0.0.0",
                        "--port=" + ServiceManifest.SERVER_PORT,
                        "--linger=" + ServerManifest.LINGER,
                        "--upstream=http://127.0.0.1:" + PORT,
                        "--default-model=" + defaultModel)
                .withNewResources()
                .addToRequests("cpu", new Quantity("100m"))
                .addToRequests("memory", new Quantity("192Mi"))
                .endResources();
        return ServerManifest.keys(input).mountOn(gateway).build();
    }
}
