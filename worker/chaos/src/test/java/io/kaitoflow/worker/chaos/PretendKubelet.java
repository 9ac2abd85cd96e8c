package io.kaitoflow.worker.chaos;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Scheduler, kubelet and pod collector in one, for tuners: a pod's own command runs as a process of this machine with the pod's own
 * environment; only paths of volumes are others, since there is no mount, and the port of the probe, since there is no network of its own.
 */
final class PretendKubelet {

    static final String ROLE = "kaito.sh/role";
    static final String TUNER = "tuner";

    private final KubernetesClient client;
    private final Path folder;
    private final Map<String, PodProcess> running = new ConcurrentHashMap<>();
    private final Map<String, String> owners = new ConcurrentHashMap<>();
    private final Map<String, Integer> stepsOfThePast = new ConcurrentHashMap<>();
    private final Set<String> resumed = ConcurrentHashMap.newKeySet();

    /** @param folder for the disks of pods */
    PretendKubelet(KubernetesClient client, Path folder) {
        this.client = client;
        this.folder = folder;
    }

    /** Does what is to be done now. */
    void look(List<Pod> pods, Set<String> nodes) {
        Set<String> known = pods.stream().map(pod -> pod.getMetadata().getUid()).collect(Collectors.toSet());
        running.keySet().stream().filter(uid -> !known.contains(uid)).forEach(this::forget);
        pods.forEach(pod -> serve(pod, nodes));
    }

    List<Pod> pods() {
        return client.pods().inAnyNamespace().withLabel(ROLE, TUNER).list().getItems();
    }

    /** Processes of a workspace's tuners that live, whatever the API server says of their pods. */
    List<PodProcess> alive(String owner) {
        return disks(owner).stream().filter(PodProcess::running).toList();
    }

    /** Tuners of a workspace whose disks are still there. */
    List<PodProcess> disks(String owner) {
        return owners.entrySet().stream()
                .filter(entry -> entry.getValue().equals(owner))
                .flatMap(entry -> Optional.ofNullable(running.get(entry.getKey())).stream())
                .toList();
    }

    /** Whether one of a workspace's tuners that are gone went on from a checkpoint of another one. */
    boolean resumed(String owner) {
        return resumed.contains(owner);
    }

    /** Optimiser steps that all tuners of a workspace did. */
    int steps(String owner) {
        return stepsOfThePast.getOrDefault(owner, 0)
                + disks(owner).stream().mapToInt(PodProcess::steps).sum();
    }

    static boolean ready(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Ready")
                                && condition.getStatus().equals("True"));
    }

    private void serve(Pod pod, Set<String> nodes) {
        String uid = pod.getMetadata().getUid();
        String node = pod.getSpec().getNodeName();
        if (node == null) {
            wantedNode(pod).filter(nodes::contains).ifPresent(there -> bind(pod, there));
        } else if (!nodes.contains(node)) {
            forget(uid);
            bury(pod);
        } else if (pod.isMarkedForDeletion()) {
            end(pod);
        } else if (!running.containsKey(uid)) {
            start(pod);
        } else {
            tell(pod, running.get(uid));
        }
    }

    private static Optional<String> wantedNode(Pod pod) {
        return pod
                .getSpec()
                .getAffinity()
                .getNodeAffinity()
                .getRequiredDuringSchedulingIgnoredDuringExecution()
                .getNodeSelectorTerms()
                .stream()
                .flatMap(term -> term.getMatchFields().stream())
                .flatMap(field -> field.getValues().stream())
                .findFirst();
    }

    private void bind(Pod pod, String node) {
        String name = pod.getMetadata().getName();
        String namespace = pod.getMetadata().getNamespace();
        var unused = client.raw(
                "/api/v1/namespaces/" + namespace + "/pods/" + name + "/binding",
                "POST",
                "{\"apiVersion\":\"v1\",\"kind\":\"Binding\",\"metadata\":{\"name\":\"" + name
                        + "\"},\"target\":{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"name\":\"" + node + "\"}}");
    }

    private void end(Pod pod) {
        PodProcess process = running.get(pod.getMetadata().getUid());
        if (process != null && process.running()) {
            process.terminate();
        } else {
            forget(pod.getMetadata().getUid());
            bury(pod);
        }
    }

    private void bury(Pod pod) {
        client.resource(pod).withGracePeriod(0).delete();
    }

    private void forget(String uid) {
        PodProcess process = running.remove(uid);
        if (process != null) {
            process.wipe();
            String owner = Objects.requireNonNull(owners.get(uid));
            stepsOfThePast.merge(owner, process.steps(), Integer::sum);
            if (process.resumed()) {
                resumed.add(owner);
            }
        }
    }

    private void start(Pod pod) {
        Path place = folder.resolve(pod.getMetadata().getUid());
        Container container = pod.getSpec().getContainers().getFirst();
        Map<String, Path> mounts = mount(pod, container, place);
        Map<String, String> environment = new TreeMap<>();
        for (EnvVar variable : container.getEnv()) {
            environment.put(variable.getName(), moved(variable.getValue(), mounts));
        }
        environment.put("KAITOFLOW_DATA", place.resolve("data").toString());
        environment.put("KAITOFLOW_HEALTH_PORT", "0");
        List<String> command = new ArrayList<>(container.getCommand());
        command.set(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
        owners.put(pod.getMetadata().getUid(), pod.getMetadata().getLabels().get(PretendKarpenter.UID));
        running.put(pod.getMetadata().getUid(), PodProcess.start(place, command, environment));
    }

    private Map<String, Path> mount(Pod pod, Container container, Path place) {
        Map<String, Path> mounts = new TreeMap<>();
        try {
            for (String folderName : List.of("home", "secrets", "data")) {
                Files.createDirectories(place.resolve(folderName));
            }
            for (VolumeMount mount : container.getVolumeMounts()) {
                mounts.put(mount.getMountPath(), place.resolve(mount.getName()));
            }
            new PodVolumes(client, pod.getMetadata().getNamespace(), place).fill(pod.getSpec());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return mounts;
    }

    private static String moved(String value, Map<String, Path> mounts) {
        return mounts.entrySet().stream()
                .filter(mount -> value.startsWith(mount.getKey()))
                .max(Map.Entry.comparingByKey())
                .map(mount -> mount.getValue() + value.substring(mount.getKey().length()))
                .orElse(value);
    }

    private void tell(Pod pod, PodProcess process) {
        PodStatus status = status(pod, process);
        String before =
                pod.getStatus() == null ? "" : String.valueOf(pod.getStatus().getPhase());
        boolean changed = !status.getPhase().equals(before) || ready(pod) != readiness(status);
        if (changed) {
            Pod next = client.resource(pod).get();
            if (next != null) {
                next.setStatus(status);
                client.resource(next).updateStatus();
            }
        }
    }

    private static boolean readiness(PodStatus status) {
        return status.getConditions().stream()
                .anyMatch(condition -> condition.getStatus().equals("True"));
    }

    private static PodStatus status(Pod pod, PodProcess process) {
        boolean ready = process.ready();
        PodStatusBuilder status = new PodStatusBuilder()
                .addNewCondition()
                .withType("Ready")
                .withStatus(ready ? "True" : "False")
                .endCondition();
        String name = pod.getSpec().getContainers().getFirst().getName();
        if (process.running()) {
            return status.withPhase("Running")
                    .addNewContainerStatus()
                    .withName(name)
                    .withImage("pretended")
                    .withImageID("pretended")
                    .withReady(ready)
                    .withRestartCount(0)
                    .withNewState()
                    .withNewRunning()
                    .endRunning()
                    .endState()
                    .endContainerStatus()
                    .build();
        }
        return ended(status, name, process);
    }

    private static PodStatus ended(PodStatusBuilder status, String name, PodProcess process) {
        int exit = process.exit();
        return status.withPhase(exit == 0 ? "Succeeded" : "Failed")
                .addNewContainerStatus()
                .withName(name)
                .withImage("pretended")
                .withImageID("pretended")
                .withReady(false)
                .withRestartCount(0)
                .withNewState()
                .withNewTerminated()
                .withExitCode(exit)
                .withReason("Error")
                .withMessage(process.lastWords())
                .endTerminated()
                .endState()
                .endContainerStatus()
                .build();
    }

    /** Every process that was started ends. */
    void close() {
        new HashSet<>(running.keySet()).forEach(this::forget);
    }
}
