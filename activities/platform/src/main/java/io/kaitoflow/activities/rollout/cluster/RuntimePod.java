package io.kaitoflow.activities.rollout.cluster;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.activities.rollout.cluster.volumes.MountedSecrets;
import io.kaitoflow.activities.rollout.cluster.volumes.ScratchVolumes;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.plan.MachineOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What tuner and server have in common as pods: where they run, what they may do, and what they find there. Pure. */
final class RuntimePod {

    static final String HOME = ScratchVolumes.HOME_FOLDER;

    private static final String GPU = LeasedNode.GPU;

    private static final String DEVICE = "KAITOFLOW_DEVICE";

    /** Nobody's number on usual images; the group may write to what is mounted. */
    private static final long USER = 65_532;

    /** The JVM beside the estimate, which counts what the model needs. */
    private static final ByteSize JVM = ByteSize.ofMebibytes(768);

    /**
     * Classes as the server's rehearsal laid them out when the image was made. The JVM starts without them where they are missing
     * or were made for other jars, and would say so at every start.
     */
    private static final List<String> ARCHIVE =
            List.of("-XX:SharedArchiveFile=/app/archive/server.jsa", "-Xlog:aot*=off,cds*=off");

    private final ClusterSettings settings;

    RuntimePod(ClusterSettings settings) {
        this.settings = settings;
    }

    /** A pod's specification without its containers, for the leased machine. */
    PodSpecBuilder spec(NodeLease lease, MountedSecrets secrets) {
        return surroundings(secrets)
                .withAffinity(LeasedNode.of(lease).affinity(Optional.empty()))
                .withTolerations(LeasedNode.TOLERATIONS);
    }

    /** The same for wherever the scheduler finds room; never a machine that is kept for GPUs, unless the installation says so. */
    PodSpecBuilder spec(MountedSecrets secrets) {
        PodSpecBuilder spec = surroundings(secrets);
        settings.pods().placement().addTo(spec);
        return spec;
    }

    private PodSpecBuilder surroundings(MountedSecrets secrets) {
        PodSpecBuilder spec = new PodSpecBuilder()
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withSecurityContext(podSecurity())
                .withImagePullSecrets(settings.images().pullSecrets().stream()
                        .map(LocalObjectReference::new)
                        .toList());
        new ScratchVolumes(settings.pods().cache()).addTo(spec);
        if (!secrets.isEmpty()) {
            spec.addToVolumes(secrets.volume());
        }
        return spec;
    }

    /** A container that runs a main class of the runtime's image; sizes and ports are the caller's. */
    ContainerBuilder container(Role role, NodeLease lease, MountedSecrets secrets, Map<String, String> own) {
        Map<String, String> values = new TreeMap<>(own);
        values.putAll(device(lease.option()));
        return container(role, settings.images().on(lease.option()), secrets, values);
    }

    /** Where it computes: never on the processor in silence where a GPU was paid for, unless the installation says so. */
    Map<String, String> device(MachineOption machine) {
        String ours = machine.gpus() > 0 ? "cuda" : "cpu";
        return Map.of(DEVICE, settings.pods().environment().getOrDefault(DEVICE, ours));
    }

    ContainerBuilder container(Role role, String image, MountedSecrets secrets, Map<String, String> own) {
        ContainerBuilder container = new ContainerBuilder()
                .withName(role.label())
                .withImage(image)
                .withImagePullPolicy(settings.images().pullPolicy())
                .withCommand(command(role))
                .withEnv(environment(own))
                .withSecurityContext(security())
                // What a container said last is then part of its status, where everybody who reads pods can see it.
                .withTerminationMessagePolicy("FallbackToLogsOnError");
        new ScratchVolumes(settings.pods().cache()).mountOn(container);
        if (!secrets.isEmpty()) {
            container
                    .addNewVolumeMount()
                    .withName(MountedSecrets.NAME)
                    .withMountPath(MountedSecrets.FOLDER)
                    .withReadOnly(true)
                    .endVolumeMount();
        }
        return container;
    }

    /** Limits would end what an estimate missed by little, on a machine that is ours alone; devices are never shared. */
    static ResourceRequirements resources(MachineOption machine, ByteSize memory) {
        ResourceRequirementsBuilder resources = new ResourceRequirementsBuilder()
                .addToRequests("cpu", new Quantity("1"))
                .addToRequests("memory", mebibytes(memory.plus(JVM)));
        if (machine.gpus() > 0) {
            Quantity devices = new Quantity(String.valueOf(machine.gpus()));
            resources.addToRequests(GPU, devices).addToLimits(GPU, devices);
        }
        return resources.build();
    }

    /** Of what is waited for while a machine is paid for. */
    static Probe readiness(int port) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath("/health/ready")
                .withNewPort(port)
                .endHttpGet()
                .withPeriodSeconds(1)
                .withTimeoutSeconds(2)
                .build();
    }

    private static Quantity mebibytes(ByteSize size) {
        return new Quantity(Math.ceilDiv(size.bytes(), 1L << 20) + "Mi");
    }

    private List<String> command(Role role) {
        List<String> words = settings.images().command();
        List<String> command = new ArrayList<>(words.subList(0, 1));
        command.addAll(Role.JVM_FLAGS);
        command.addAll(role.heap());
        if (role == Role.SERVER) {
            command.addAll(ARCHIVE);
        }
        command.addAll(words.subList(1, words.size()));
        command.add(role.mainClass());
        return command;
    }

    /** The installation's settings win over ours, a pod's own over both. */
    private List<EnvVar> environment(Map<String, String> own) {
        Map<String, String> values = new TreeMap<>(Role.NATIVE_SETTINGS);
        values.put("HOME", HOME);
        values.putAll(settings.pods().environment());
        values.put("KAITOFLOW_HOME", HOME);
        values.put("KAITOFLOW_SECRETS", MountedSecrets.FOLDER);
        settings.images().pullSecrets().stream()
                .findFirst()
                .ifPresent(secret -> values.put("KAITOFLOW_LOGIN", MountedSecrets.file(secret)));
        values.putAll(own);
        return values.entrySet().stream()
                .map(entry -> new EnvVar(entry.getKey(), entry.getValue(), null))
                .toList();
    }

    private static PodSecurityContext podSecurity() {
        return new PodSecurityContextBuilder()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withFsGroup(USER)
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .build();
    }

    private static SecurityContext security() {
        return new SecurityContextBuilder()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .addToDrop("ALL")
                .endCapabilities()
                .build();
    }
}
