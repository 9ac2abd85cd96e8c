package io.kaitoflow.activities.rollout.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.activities.rollout.cluster.access.TunerWalls;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The API server's objects as this adapter meets them: applied under our name, read, swept, every refusal in words. */
record ClusterObjects(KubernetesClient client) {

    private static final String FIELD_MANAGER = "kaitoflow";
    private static final int UNPROCESSABLE = 422;
    private static final Set<String> ENDS = Set.of("Succeeded", "Failed");

    /** Of its Service, in the namespace default. */
    private static final String API_SERVER = "kubernetes";

    /** Makes it so, whoever wrote it before; doing it again changes nothing. */
    <T extends HasMetadata> T apply(T wanted) {
        return applyAs(FIELD_MANAGER, wanted);
    }

    /** The same, unless an object of that name is there which is not the workspace's. */
    <T extends HasMetadata> void applyOwn(WorkspaceId id, T wanted) {
        read(wanted).filter(found -> !PodLabels.owns(id, found)).ifPresent(found -> {
            throw new RolloutException.Refused(title(found) + " is somebody else's; delete or rename it.");
        });
        apply(wanted);
    }

    /** @param manager owns only the fields that are given here, so that {@link #apply} leaves them alone */
    <T extends HasMetadata> T applyAs(String manager, T wanted) {
        return call(
                "Applying " + title(wanted),
                () -> client.resource(wanted)
                        .fieldManager(manager)
                        .forceConflicts()
                        .serverSideApply());
    }

    /** Has the API server judge it as if it were applied; nothing is kept. */
    void tryToApply(HasMetadata wanted) {
        call(
                "Trying " + title(wanted),
                () -> client.resource(wanted)
                        .dryRun()
                        .fieldManager(FIELD_MANAGER)
                        .forceConflicts()
                        .serverSideApply());
    }

    <T extends HasMetadata> Optional<T> read(T like) {
        return call(
                "Reading " + title(like),
                () -> Optional.ofNullable(client.resource(like).get()));
    }

    /** @param patch a JSON merge patch: what it does not name stays as it is, whoever changed it meanwhile */
    void merge(HasMetadata object, String patch) {
        call(
                "Changing " + title(object),
                () -> client.resource(object).patch(PatchContext.of(PatchType.JSON_MERGE), patch));
    }

    void delete(HasMetadata object) {
        call("Deleting " + title(object), () -> client.resource(object).delete());
    }

    /**
     * Deletes what is a pod on a node that does not answer: nobody else ends it, and its machine may be kept for it for ever. Nothing is
     * lost with it: a server has nothing of its own, and what a tuner has that counts lies in the registry.
     */
    void deleteOffSilentNode(HasMetadata kept) {
        if (kept instanceof Pod pod && !nodeAnswers(pod)) {
            call(
                    "Deleting " + title(pod),
                    () -> client.resource(pod).withGracePeriod(0).delete());
        }
    }

    /** Whether the node of a pod is there and ready; true for a pod that has none. */
    private boolean nodeAnswers(Pod pod) {
        String name = pod.getSpec().getNodeName();
        return name == null || node(name).filter(Readiness::isNodeReady).isPresent();
    }

    /** Whether there is such a node, ready or not. */
    boolean hasNode(String name) {
        return node(name).isPresent();
    }

    private Optional<Node> node(String name) {
        return call(
                "Reading Node " + name,
                () -> Optional.ofNullable(client.nodes().withName(name).get()));
    }

    /** A pod of the workspace as it stands, made if there is none; empty while it comes, goes, or another's stands in its place. */
    Optional<Pod> standing(WorkspaceId id, Pod wanted, Role role) {
        Optional<Pod> found = read(wanted);
        if (found.isEmpty()) {
            apply(wanted);
            return Optional.empty();
        }
        if (!PodLabels.owns(id, found.get())) {
            clearNamesake(found.get(), role);
            return Optional.empty();
        }
        return found.filter(pod -> !pod.isMarkedForDeletion());
    }

    /** Of a workspace by that name that is gone; anybody else's is not ours to delete. */
    private void clearNamesake(Pod namesake, Role role) {
        if (!PodLabels.ours(namesake)) {
            throw new RolloutException.Refused(title(namesake) + " is somebody else's and has the " + role.label()
                    + "'s name; delete or rename it.");
        }
        if (!namesake.isMarkedForDeletion()) {
            delete(namesake);
        }
    }

    /** A workspace's pods of a role; never a namesake's. */
    List<Pod> pods(WorkspaceId id, Role role) {
        return call(
                "Listing the pods of " + id.name(),
                () -> client.pods()
                        .inNamespace(id.namespace())
                        .withLabels(PodLabels.selector(id, role))
                        .list()
                        .getItems());
    }

    /** What keeps a server's pods alive: deleted with it, and not left to a garbage collector that may be slow. */
    List<ReplicaSet> replicaSets(WorkspaceId id) {
        return call(
                "Listing the replica sets of " + id.name(),
                () -> client.apps()
                        .replicaSets()
                        .inNamespace(id.namespace())
                        .withLabels(PodLabels.selector(id, Role.SERVER))
                        .list()
                        .getItems());
    }

    /** Where the API server is: its Service's address, and those behind it. */
    TunerWalls apiServer() {
        return call(
                "Reading where the API server is",
                () -> new TunerWalls(
                        Stream.concat(serviceOfApiServer(), behindApiServer()).toList()));
    }

    private Stream<TunerWalls.Door> serviceOfApiServer() {
        return Stream.ofNullable(client.services()
                        .inNamespace("default")
                        .withName(API_SERVER)
                        .get())
                .map(Service::getSpec)
                .flatMap(spec -> spec.getClusterIPs().stream()
                        .flatMap(address ->
                                spec.getPorts().stream().map(port -> new TunerWalls.Door(address, port.getPort()))));
    }

    private Stream<TunerWalls.Door> behindApiServer() {
        return client
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace("default")
                .withLabel("kubernetes.io/service-name", API_SERVER)
                .list()
                .getItems()
                .stream()
                .flatMap(slice -> slice.getEndpoints().stream()
                        .flatMap(endpoint -> endpoint.getAddresses().stream())
                        .flatMap(address ->
                                slice.getPorts().stream().map(port -> new TunerWalls.Door(address, port.getPort()))));
    }

    /** Whether a pod is over, for good or ill, and is never started again. */
    static boolean hasEnded(Pod pod) {
        return Optional.ofNullable(pod.getStatus())
                .map(PodStatus::getPhase)
                .filter(ENDS::contains)
                .isPresent();
    }

    static String title(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getName();
    }

    private static <T> T call(String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (KubernetesClientException e) {
            throw refused(what, e);
        }
    }

    private static RolloutException refused(String what, KubernetesClientException e) {
        String message = what + " was answered with " + e.getCode() + ": "
                + Objects.requireNonNullElse(e.getMessage(), "nothing") + ".";
        return switch (e.getCode()) {
            case HttpURLConnection.HTTP_BAD_REQUEST, HttpURLConnection.HTTP_FORBIDDEN, UNPROCESSABLE ->
                new RolloutException.Refused(message);
            default -> new RolloutException.Unanswered(message);
        };
    }
}
