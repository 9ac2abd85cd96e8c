package io.kaitoflow.worker.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kaitoflow.activities.rollout.cluster.ClusterSettings;
import io.kaitoflow.bridge.reconcile.BridgePace;
import io.kaitoflow.bridge.reconcile.BridgeTimes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data is looked at before a machine is bought, by the whole control plane; the kubelet is played. */
class InspectionIT {

    private static final BridgePace PACE =
            new BridgePace(Duration.ofMinutes(5), Duration.ofSeconds(2), Duration.ofSeconds(1));

    private static final String MANIFEST = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: rows}
            data:
              rows.jsonl: '%s'
            ---
            apiVersion: kaito.sh/v1beta1
            kind: Workspace
            metadata:
              name: tune
              annotations: %s
            resource:
              instanceType: Standard_NC24ads_A100_v4
              labelSelector: {matchLabels: {apps: tune}}
            tuning:
              preset: {name: smollm2-135m-instruct}
              method: qlora
              input: {volumeSource: {configMap: {name: rows}}}
              output: {image: "registry.example/adapters/tune:1", imagePushSecret: push}
            """;

    private static final String GOOD = """
            {"dataset": {"rows": 112, "heldOutRows": 0, "tokens": 9000, "scoredTokens": 4000, "longestRow": 120,
              "truncatedRows": 0, "duplicates": 0, "exact": true, "longest": []}, "findings": []}
            """;
    private static final String BAD = """
            {"dataset": null, "findings": [{"severity": "REFUSAL", "kind": "DATASET_INVALID", "subject": "tuning.input",
              "message": "rows.jsonl row 3 has no answer. Give it one, or take it out."}]}
            """;

    private static TestCluster cluster;
    private static KubernetesClient client;
    private static ControlPlane plane;

    @TempDir
    private Path folder = Path.of("");

    private String namespace = "";

    @BeforeAll
    static void start() {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(90));
        cluster = TestCluster.start();
        client = cluster.connect();
        plane = new ControlPlane(
                cluster.settings(
                        "inspection",
                        ClusterSettings.from(Map.of(
                                "KAITOFLOW_RUNTIME_IMAGE", "registry.example/runtime:1",
                                "KAITOFLOW_RUNTIME_IMAGE_CUDA", "registry.example/runtime:1"))),
                client,
                PACE,
                Clock.systemUTC(),
                new BridgeTimes(lag -> {}, took -> {}));
    }

    @AfterAll
    static void stop() {
        try (TestCluster _ = cluster;
                KubernetesClient _ = client) {
            plane.close();
        }
    }

    @BeforeEach
    void namespace() {
        namespace = cluster.server().newNamespace();
        PlayedControllers.admitPods(cluster.client(), namespace);
        kubectl("create", "secret", "docker-registry", "push", "--docker-username=u", "--docker-password=p");
    }

    private String kubectl(String... arguments) {
        return cluster.server().kubectl().in(namespace, arguments).orFail();
    }

    private void apply(String rows, String annotations) {
        try {
            Path file = Files.writeString(folder.resolve("w.yaml"), MANIFEST.formatted(rows, annotations));
            kubectl("apply", "-f", file.toString());
        } catch (IOException e) {
            throw new IllegalStateException("The manifest cannot be written", e);
        }
    }

    private Optional<Pod> inspector() {
        return cluster
                .client()
                .pods()
                .inNamespace(namespace)
                .withLabel("kaito.sh/role", "inspector")
                .list()
                .getItems()
                .stream()
                .filter(pod -> !pod.isMarkedForDeletion())
                .findFirst();
    }

    private Pod awaitInspector() {
        return await("a pod that looks at the data")
                .until(this::inspector, Optional::isPresent)
                .orElseThrow();
    }

    private void becomes(Pod pod, PodStatus status) {
        cluster.client()
                .resource(new PodBuilder(pod).withStatus(status).build())
                .updateStatus();
    }

    /** As a kubelet tells of a container that did its work. */
    private void says(Pod pod, String message) {
        becomes(
                pod,
                new PodStatusBuilder()
                        .withPhase("Succeeded")
                        .addNewContainerStatus()
                        .withName("inspector")
                        .withImage("registry.example/runtime:1")
                        .withImageID("")
                        .withReady(false)
                        .withRestartCount(0)
                        .withNewState()
                        .withNewTerminated()
                        .withExitCode(0)
                        .withReason("Completed")
                        .withMessage(message)
                        .endTerminated()
                        .endState()
                        .endContainerStatus()
                        .build());
    }

    private void hasNoImage(Pod pod) {
        becomes(
                pod,
                new PodStatusBuilder()
                        .withPhase("Pending")
                        .addNewContainerStatus()
                        .withName("inspector")
                        .withImage("registry.example/runtime:1")
                        .withImageID("")
                        .withReady(false)
                        .withRestartCount(0)
                        .withNewState()
                        .withNewWaiting("401 Unauthorized", "ErrImagePull")
                        .endState()
                        .endContainerStatus()
                        .build());
    }

    private String uid() {
        return kubectl("get", "workspace", "tune", "-o", "jsonpath={.metadata.uid}");
    }

    private String condition(String type) {
        return kubectl(
                "get",
                "workspace",
                "tune",
                "-o",
                "jsonpath={range .status.conditions[?(@.type==\"" + type + "\")]}{.status} {.reason} {.message}{end}");
    }

    private void awaitClaim() {
        await("a claim").until(() -> !cluster.claimsOf(uid()).isEmpty());
    }

    @Test
    void brokenDataAreRefusedWithFileRowAndCureAndNothingIsBoughtUntilTheyAreMended() {
        apply("broken", "{}");
        Pod first = awaitInspector();
        assertThat(cluster.claimsOf(uid())).isEmpty();

        says(first, BAD);

        await().untilAsserted(() -> assertThat(condition("WorkspaceReady"))
                .startsWith("False DATASET_INVALID rows.jsonl row 3 has no answer. Give it one, or take it out."));
        assertThat(condition("DatasetReady"))
                .startsWith("False DATASET_INVALID tuning.input: rows.jsonl row 3 has no answer.");
        assertThat(cluster.claimsOf(uid())).isEmpty();

        apply("mended", "{}");
        Pod second = await("a pod for the mended data")
                .until(
                        this::inspector,
                        found -> found.filter(pod -> !pod.getMetadata()
                                        .getName()
                                        .equals(first.getMetadata().getName()))
                                .isPresent())
                .orElseThrow();
        assertThat(cluster.claimsOf(uid())).isEmpty();
        says(second, GOOD);

        awaitClaim();
        await().untilAsserted(
                        () -> assertThat(condition("DatasetReady")).isEqualTo("True Inspected 112 rows, 9000 tokens"));
    }

    @Test
    void aDeletionMeanwhileLeavesNeitherPodNorObject() {
        apply("rows", "{}");
        awaitInspector();

        kubectl("delete", "workspace", "tune", "--timeout=90s");

        await().untilAsserted(() -> assertThat(inspector()).isEmpty());
        assertThat(List.copyOf(cluster.claims()))
                .noneMatch(claim ->
                        namespace.equals(claim.getMetadata().getLabels().get("kaito.sh/workspacenamespace")));
    }

    @Test
    void anImageThatDoesNotComeIsInTheStatusWhileItIsWaitedFor() {
        apply("rows", "{}");

        hasNoImage(awaitInspector());

        await().untilAsserted(() -> assertThat(
                        kubectl("get", "workspace", "tune", "-o", "jsonpath={.status.progress.text}"))
                .contains("cannot get the image registry.example/runtime:1: ErrImagePull, 401 Unauthorized"));
        assertThat(cluster.claimsOf(uid())).isEmpty();
    }
}
