package io.kaitoflow.worker.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.kaitoflow.bridge.reconcile.BridgePace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that go down long after their run rested, on a real API server and a real Temporal server; kubelet and controllers are played. */
class WatchedServerIT {

    private static final BridgePace PACE =
            new BridgePace(Duration.ofMinutes(5), Duration.ofSeconds(2), Duration.ofSeconds(1));

    @TempDir
    private Path folder = Path.of("");

    private String namespace = "";

    @Test
    void whatHappensToAServerIsInTheStatusUntilItAnswersAgain() throws IOException {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(120));
        try (RunningControlPlane running = RunningControlPlane.start("watch", PACE, TestCluster.RUNTIME)) {
            TestCluster cluster = running.cluster();
            serve(cluster);
            awaitInference(cluster, "True", "Answering");

            Pod pod = pod(cluster);
            says(cluster, pod, killed());
            availableFrom(cluster, 0);
            Condition killed = awaitInference(cluster, "False", "MEMORY_TOO_SMALL");
            assertThat(killed.getMessage()).contains("Pod served-1", "OOMKilled", "kubectl logs");
            assertThat(cluster.condition(namespace, "served", "WorkspaceReady")
                            .orElseThrow()
                            .getStatus())
                    .isEqualTo("False");

            says(cluster, pod, waiting("ImagePullBackOff"));
            awaitInference(cluster, "False", "IMAGE_UNAVAILABLE");

            availableFrom(cluster, 1);
            awaitInference(cluster, "True", "Answering");
            assertThat(events(cluster)).contains("ServerDown", "ServerBack");

            cluster.client().resource(server(cluster).orElseThrow()).delete();
            Condition gone = awaitInference(cluster, "False", "SERVER_NOT_READY");
            assertThat(gone.getMessage()).contains("Deployment served is gone", "kaito.sh/retry");

            cluster.server()
                    .kubectl()
                    .run("annotate", "workspace", "served", "-n", namespace, "kaito.sh/retry=1")
                    .orFail();
            await().until(() -> server(cluster).isPresent());
            availableFrom(cluster, 1);
            awaitInference(cluster, "True", "Answering");
        }
    }

    private void serve(TestCluster cluster) throws IOException {
        namespace = cluster.server().newNamespace();
        PlayedControllers.admitPods(cluster.client(), namespace);
        Path file = Files.writeString(folder.resolve("served.yaml"), TestCluster.serving("served", namespace));
        cluster.server().kubectl().run("apply", "-f", file.toString()).orFail();
        await().until(() -> !cluster.claims().isEmpty());
        cluster.fulfil(cluster.claims().getFirst());
        await().until(() -> server(cluster).isPresent());
        availableFrom(cluster, 1);
    }

    private Optional<Deployment> server(TestCluster cluster) {
        return Optional.ofNullable(cluster.client()
                .apps()
                .deployments()
                .inNamespace(namespace)
                .withName("served")
                .get());
    }

    /** What the controllers say of the Deployment. */
    private void availableFrom(TestCluster cluster, int pods) {
        Deployment server = server(cluster).orElseThrow();
        PlayedControllers.rollOut(cluster.client(), server, pods);
    }

    private Pod pod(TestCluster cluster) {
        var template = server(cluster).orElseThrow().getSpec().getTemplate();
        return cluster.client()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withName("served-1")
                        .withNamespace(namespace)
                        .withLabels(template.getMetadata().getLabels())
                        .endMetadata()
                        .withSpec(template.getSpec())
                        .build())
                .create();
    }

    private static ContainerState killed() {
        return new ContainerStateBuilder()
                .withNewTerminated()
                .withReason("OOMKilled")
                .withExitCode(137)
                .endTerminated()
                .build();
    }

    private static ContainerState waiting(String reason) {
        return new ContainerStateBuilder().withNewWaiting("401", reason).build();
    }

    /** What the kubelet says of the pod. */
    private static void says(TestCluster cluster, Pod pod, ContainerState state) {
        cluster.client()
                .pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .editStatus(found -> new PodBuilder(found)
                        .withNewStatus()
                        .withPhase("Running")
                        .addNewContainerStatus()
                        .withName("server")
                        .withImage("registry.example/runtime:1")
                        .withImageID("")
                        .withReady(false)
                        .withRestartCount(1)
                        .withState(state)
                        .endContainerStatus()
                        .endStatus()
                        .build());
    }

    private Condition awaitInference(TestCluster cluster, String status, String reason) {
        return await().until(
                        () -> cluster.condition(namespace, "served", "InferenceReady"),
                        found -> found.filter(condition -> condition.getStatus().equals(status)
                                        && condition.getReason().equals(reason))
                                .isPresent())
                .orElseThrow();
    }

    private Iterable<String> events(TestCluster cluster) {
        return cluster.client().v1().events().inNamespace(namespace).list().getItems().stream()
                .map(Event::getReason)
                .toList();
    }
}
