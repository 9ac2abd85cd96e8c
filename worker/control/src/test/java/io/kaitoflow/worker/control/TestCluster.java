package io.kaitoflow.worker.control;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.kaitoflow.activities.nodes.karpenter.NodeClaim;
import io.kaitoflow.activities.nodes.karpenter.NodeClaimStatus;
import io.kaitoflow.activities.rollout.cluster.ClusterSettings;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.reconcile.ClusterClient;
import io.kaitoflow.bridge.reconcile.Installation;
import io.kaitoflow.bridge.reconcile.WatchedNamespaces;
import io.kaitoflow.bridge.translate.TranslatorSettings;
import io.kaitoflow.temporal.TemporalAccess;
import io.kaitoflow.temporal.TemporalAddress;
import io.kaitoflow.testcluster.ApiServer;
import io.kaitoflow.testcluster.Karpenter;
import io.kaitoflow.testcluster.TemporalDevServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.awaitility.Awaitility;

/** A real API server with our definition and Karpenter's, and a real Temporal server; both empty at first. */
public final class TestCluster implements AutoCloseable {

    /** What an installation names; nobody pulls it. */
    public static final Map<String, String> RUNTIME =
            Map.of("KAITOFLOW_RUNTIME_IMAGE_CUDA", "registry.example/runtime:1");

    private static final Path DEFINITION =
            Path.of("..", "..", "helm", "crds", "workspaces.kaito.sh.yaml").toAbsolutePath();

    private static final String SERVING = """
            apiVersion: kaito.sh/v1beta1
            kind: Workspace
            metadata: {name: %s, namespace: %s}
            resource:
              instanceType: Standard_NC24ads_A100_v4
              labelSelector: {matchLabels: {apps: phi-4}}
            inference:
              preset: {name: phi-4-mini-instruct}
            """;

    private final ApiServer server;
    private final TemporalDevServer temporal;
    private KubernetesClient client;

    private TestCluster(ApiServer server, TemporalDevServer temporal) {
        this.server = server;
        this.temporal = temporal;
        this.client = connect();
        Awaitility.await("the definitions to be served")
                .atMost(Duration.ofMinutes(1))
                .until(() -> served(Workspace.class) && served(NodeClaim.class));
    }

    /** A definition that is established is not yet served: its storage is made ready a moment later. */
    private boolean served(Class<? extends HasMetadata> kind) {
        try {
            return client.resources(kind).list() != null;
        } catch (KubernetesClientException notYet) {
            return false;
        }
    }

    /** The manifest of a Workspace that serves a model of the catalogue on a bought machine. */
    public static String serving(String name, String namespace) {
        return SERVING.formatted(name, namespace);
    }

    public static TestCluster start() {
        return start(TemporalDevServer.start());
    }

    /** @param temporal is closed with it */
    static TestCluster start(TemporalDevServer temporal) {
        ApiServer server = ApiServer.start();
        server.kubectl()
                .run(
                        "apply",
                        "--server-side",
                        "-f",
                        DEFINITION.toString(),
                        "-f",
                        Karpenter.nodeClaims().toString())
                .orFail();
        server.kubectl()
                .run("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s")
                .orFail();
        return new TestCluster(server, temporal);
    }

    public ApiServer server() {
        return server;
    }

    public KubernetesClient client() {
        return client;
    }

    public TemporalAddress temporal() {
        return TemporalAddress.of(temporal.target());
    }

    /** To be killed, restarted, emptied. */
    public TemporalDevServer temporalServer() {
        return temporal;
    }

    /** A client of its own, as each process has. */
    public KubernetesClient connect() {
        return connect(server.clientConfig());
    }

    /** A client that goes another way to the API server. */
    public static KubernetesClient connect(Config way) {
        return ClusterClient.prepared(new KubernetesClientBuilder().withConfig(way))
                .build();
    }

    public ControlSettings settings(String identity) {
        return settings(identity, ClusterSettings.from(RUNTIME));
    }

    ControlSettings settings(String identity, ClusterSettings rollout) {
        return new ControlSettings(
                temporal(),
                TemporalAccess.open(),
                Optional.of(server.kubeconfig()),
                new Installation("default", "", "kaitoflow", WatchedNamespaces.all()),
                identity,
                MachineSettings.from(Map.of(), "default"),
                TranslatorSettings.strict(),
                Optional.empty(),
                rollout,
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The API server dies and comes back on its data; watches are cut. */
    public void killApiServer() {
        stopApiServer();
        startApiServer();
    }

    public void stopApiServer() {
        client.close();
        server.kill();
    }

    public void startApiServer() {
        server.restart();
        client = connect();
        Awaitility.await("the API server serves what was defined")
                .atMost(Duration.ofMinutes(1))
                .ignoreExceptionsMatching(KubernetesClientException.class::isInstance)
                .until(this::serves);
    }

    private boolean serves() {
        var unused = claims();
        var unusedToo = client.resources(Workspace.class).inAnyNamespace().list();
        return true;
    }

    public List<NodeClaim> claims() {
        return client.resources(NodeClaim.class).list().getItems();
    }

    public List<NodeClaim> claimsOf(String uid) {
        return claims().stream()
                .filter(claim -> uid.equals(claim.getMetadata().getLabels().get("kaito.sh/workspace-uid")))
                .toList();
    }

    public Optional<Workspace> find(String namespace, String name) {
        return Optional.ofNullable(client.resources(Workspace.class)
                .inNamespace(namespace)
                .withName(name)
                .get());
    }

    /** What the object's status says of one thing; empty while it says nothing. */
    public Optional<Condition> condition(String namespace, String name, String type) {
        return find(namespace, name).map(Workspace::getStatus).stream()
                .flatMap(status -> status.conditions().stream())
                .filter(condition -> condition.getType().equals(type))
                .findFirst();
    }

    /** What Karpenter does when the cloud has a machine. */
    public void fulfil(NodeClaim claim) {
        String node = "node-" + claim.getMetadata().getName();
        Map<String, String> labels = new TreeMap<>(claim.getMetadata().getLabels());
        labels.put("node.kubernetes.io/instance-type", "Standard_NC24ads_A100_v4");
        ownNode(node, labels);
        claim.setStatus(new NodeClaimStatus(
                node,
                List.of(new ConditionBuilder()
                        .withType("Ready")
                        .withStatus("True")
                        .withReason("Ready")
                        .withMessage("")
                        .withLastTransitionTime("2026-01-01T00:00:00Z")
                        .build())));
        client.resource(claim).updateStatus();
    }

    /** A ready node with one device. */
    void ownNode(String name, Map<String, String> labels) {
        client.resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withLabels(labels)
                        .endMetadata()
                        .build())
                .create();
        say(name, "True");
    }

    /** What the kubelet and the device plugin write into a node's status, or what the node controller does for them. */
    void say(String node, String ready) {
        client.nodes()
                .withName(node)
                .editStatus(found -> new NodeBuilder(found)
                        .withNewStatus()
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus(ready)
                        .endCondition()
                        .addToCapacity("nvidia.com/gpu", new Quantity("1"))
                        .endStatus()
                        .build());
    }

    @Override
    public void close() {
        client.close();
        temporal.close();
        server.close();
    }
}
