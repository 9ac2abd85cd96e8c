package io.kaitoflow.activities.rollout.cluster;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kaitoflow.activities.rollout.AdapterStanding;
import io.kaitoflow.activities.rollout.Rollout;
import io.kaitoflow.activities.rollout.cluster.access.TunerAccess;
import io.kaitoflow.activities.rollout.cluster.trouble.Patience;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.presets.ModelShape;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.testcluster.ApiServer;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.RolloutActivities.RollInput;
import io.kaitoflow.workflows.rollout.RolloutActivities.TunerInput;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * One workspace in a namespace of its own that lets only restricted pods in, and who plays the rest of the cluster there.
 *
 * @param server of the tests
 * @param id of the workspace
 * @param cluster plays controllers, scheduler and kubelet
 */
record Stage(ApiServer server, WorkspaceId id, PretendCluster cluster) implements AutoCloseable {

    static final Duration LONG = Duration.ofMinutes(2);
    static final Duration SHORT = Duration.ofMillis(200);

    /** Gives up soon on what will not pass in a test. */
    static final Patience BRISK = new Patience(Duration.ofMillis(20), LONG, SHORT, SHORT, 3, LONG, LONG);

    static final Patience PATIENT = new Patience(Duration.ofMillis(20), LONG, LONG, LONG, 3, LONG, LONG);

    /** The one machine that there is; it never says that it is ready. */
    private static final String NODE = "node-a";

    private static final Preset TINY = preset("tiny");

    private static Preset preset(String name) {
        return new Preset(
                name,
                "llama",
                new ModelShape(1, 8, 1, 1, 8, 16, 32, true),
                64,
                List.of(),
                List.of(),
                "MIT",
                false,
                true);
    }

    static Stage on(ApiServer server) {
        return on(server, true);
    }

    /** @param controllers whether they are played too */
    static Stage on(ApiServer server, boolean controllers) {
        String namespace = server.newNamespace();
        KubernetesClient client = server.client();
        server.kubectl()
                .run("label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted")
                .orFail();
        // A controller makes it in a real cluster.
        client.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName("default")
                        .withNamespace(namespace)
                        .endMetadata()
                        .build())
                .create();
        client.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName(NODE)
                        .endMetadata()
                        .build())
                .serverSideApply();
        WorkspaceId id = new WorkspaceId(namespace, "w", UUID.randomUUID().toString());
        return new Stage(server, id, new PretendCluster(client, namespace, controllers));
    }

    KubernetesClient client() {
        return server.client();
    }

    /** What the node says of itself; nobody else says anything. */
    void nodeAnswers(boolean now) {
        client().nodes()
                .withName(NODE)
                .editStatus(node -> new NodeBuilder(node)
                        .withNewStatus()
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus(now ? "True" : "Unknown")
                        .endCondition()
                        .endStatus()
                        .build());
    }

    static Rollout rollout(KubernetesClient client, Patience patience) {
        return rollout(client, patience, Stage::followed);
    }

    static Rollout rollout(KubernetesClient client, Patience patience, PodQuestion question) {
        return rollout(client, settings(), patience, TunerAccess.open(), question);
    }

    /** Where tuners show a token. */
    static Rollout guarded(KubernetesClient client, TunerAccess access) {
        return rollout(client, guardedSettings(), PATIENT, access, Stage::followed);
    }

    private static Rollout rollout(
            KubernetesClient client,
            ClusterSettings usual,
            Patience patience,
            TunerAccess access,
            PodQuestion question) {
        return new ClusterRollout(
                client,
                new ClusterSettings(usual.images(), usual.pods(), usual.installation(), patience),
                access,
                question);
    }

    /** A server that has dealt with what its pod is told, as soon as it is told. */
    private static Optional<AdapterStanding> followed(Pod pod) {
        String told = ServerManifest.served(pod.getMetadata());
        return Optional.of(new AdapterStanding(
                AdapterStanding.revisionOf(told),
                Optional.of("It does not fit the model.").filter(reason -> told.contains("misfit"))));
    }

    static ClusterSettings settings() {
        return ClusterSettings.from(Map.of("KAITOFLOW_RUNTIME_IMAGE", "registry.example/kaitoflow-runtime:1"));
    }

    private static ClusterSettings guardedSettings() {
        return ClusterSettings.from(Map.of(
                "KAITOFLOW_RUNTIME_IMAGE",
                "registry.example/kaitoflow-runtime:1",
                "KAITOFLOW_GATEWAY_KEYS",
                "/keys",
                "KAITOFLOW_TUNER_NETWORK_POLICY",
                "true"));
    }

    static NodeLease lease() {
        return lease(NODE);
    }

    static NodeLease lease(String node) {
        return new NodeLease(
                "own-1",
                new MachineOption("own", 0, ByteSize.ofBytes(0), Optional.empty(), false),
                List.of(node),
                true);
    }

    TunerInput attempt(int number) {
        return new TunerInput(id, lease(), number);
    }

    RollInput serving(ServedAdapter... adapters) {
        return serving(id, lease(), List.of(adapters));
    }

    RollInput servingAnotherModel() {
        return new RollInput(id, lease(), preset("another"), List.of());
    }

    /** Another base model on a second machine, while the server on the first one answers. */
    RollInput servingAnotherModelBeside() {
        return new RollInput(id, lease("node-b"), preset("another"), List.of()).beside(lease());
    }

    RollInput servingAs(WorkspaceId other) {
        return serving(other, lease(), List.of());
    }

    static RollInput serving(WorkspaceId whose, NodeLease where, List<ServedAdapter> adapters) {
        return new RollInput(whose, where, TINY, adapters);
    }

    static ServedAdapter adapter(String name) {
        return new ServedAdapter(
                name,
                ImageReference.parse("registry.example/adapters/" + name + ":1"),
                Digest.parse("sha256:" + "0".repeat(64)),
                List.of(),
                1);
    }

    /** The one pod that has this role. */
    Optional<Pod> pod(String role) {
        List<Pod> pods = cluster.pods().stream()
                .filter(pod -> role.equals(pod.getMetadata().getLabels().get(PodLabels.ROLE)))
                .toList();
        if (pods.size() > 1) {
            throw new AssertionError("There is more than one " + role);
        }
        return pods.stream().findFirst();
    }

    Optional<String> uid(String role) {
        return pod(role).map(pod -> pod.getMetadata().getUid());
    }

    @Override
    public void close() {
        cluster.close();
    }
}
