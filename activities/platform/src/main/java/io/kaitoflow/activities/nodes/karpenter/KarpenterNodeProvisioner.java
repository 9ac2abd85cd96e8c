package io.kaitoflow.activities.nodes.karpenter;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.kaitoflow.activities.nodes.ClaimLabels;
import io.kaitoflow.activities.nodes.NodeException;
import io.kaitoflow.activities.nodes.NodeProvisioner;
import io.kaitoflow.activities.nodes.ServerAnswer;
import io.kaitoflow.activities.nodes.readiness.ReadyNodes;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes and deletes NodeClaims. Karpenter itself deletes a claim for which the cloud has no machine, so a claim that vanished is
 * a refusal, and what it said last is the evidence.
 */
public final class KarpenterNodeProvisioner implements NodeProvisioner {

    /** The condition's reason; the Event's has "Error" behind it. */
    private static final String NO_CAPACITY = "InsufficientCapacity";

    private final KubernetesClient client;
    private final KarpenterSettings settings;
    private final ClaimManifest manifest;
    private final NodeClaims claims;
    private final ClaimWarnings warnings;
    private final ReadyNodes nodes;

    /** @param claims stay the caller's */
    public KarpenterNodeProvisioner(KubernetesClient client, KarpenterSettings settings, NodeClaims claims) {
        this.client = client;
        this.settings = settings;
        this.manifest = new ClaimManifest(settings);
        this.claims = claims;
        this.warnings = new ClaimWarnings(client);
        this.nodes = new ReadyNodes(client);
    }

    @Override
    public NodeLease claim(NodeRequest request) {
        return lease(
                request,
                manifest.claims(request).stream()
                        .map(claim -> makeOrFind(request, claim))
                        .toList());
    }

    @Override
    public NodeLease observe(NodeRequest request) {
        return lease(
                request,
                ClaimManifest.names(request).stream()
                        .map(name -> standing(request, name))
                        .toList());
    }

    @Override
    public boolean release(NodeRequest request) {
        return ClaimManifest.names(request).stream()
                .map(name -> give(request, name))
                .reduce(true, Boolean::logicalAnd);
    }

    /** From the watch, which has all claims but those made moments ago; these are found by their names. */
    @Override
    public List<NodeRequest> held(WorkspaceId id) {
        return claims.of(id).stream()
                .filter(claim -> !claim.isMarkedForDeletion())
                .flatMap(claim -> ClaimManifest.request(claim).stream())
                .distinct()
                .toList();
    }

    /** Not from the watch, which may be behind: what is decided by it must be true. */
    @Override
    public List<NodeRequest> all() {
        return call(
                        "Listing NodeClaims",
                        () -> client.resources(NodeClaim.class)
                                .withLabel(ClaimLabels.INSTALLATION, settings.installation())
                                .list()
                                .getItems())
                .stream()
                .flatMap(claim -> ClaimManifest.request(claim).stream())
                .distinct()
                .toList();
    }

    private NodeClaim makeOrFind(NodeRequest request, NodeClaim wanted) {
        try {
            return client.resource(wanted).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return found(request, wanted.getMetadata().getName());
            }
            throw refused("Creating NodeClaim " + wanted.getMetadata().getName(), e);
        }
    }

    /** One that is on its way out still has the name: it was given back by a run that is forgotten. */
    private NodeClaim found(NodeRequest request, String name) {
        NodeClaim namesake = read(name);
        if (namesake == null || namesake.isMarkedForDeletion()) {
            throw new NodeException.Unanswered(
                    "NodeClaim " + name + " is still being deleted; it is made again after that.");
        }
        return standing(request, name);
    }

    private NodeClaim standing(NodeRequest request, String name) {
        NodeClaim found = read(name);
        if (found == null || found.isMarkedForDeletion()) {
            throw vanished(request, name);
        }
        if (!ClaimLabels.owns(request.id(), found.getMetadata().getLabels())) {
            throw new NodeException.Refused(
                    "NodeClaim " + name + " belongs to somebody else; delete it if nobody does.");
        }
        return found;
    }

    private NodeLease lease(NodeRequest request, List<NodeClaim> found) {
        List<String> joined =
                found.stream().flatMap(claim -> nodeOf(claim).stream()).toList();
        boolean ready = joined.size() == found.size()
                && found.stream().allMatch(KarpenterNodeProvisioner::ready)
                && joined.stream()
                        .allMatch(node -> call("Reading Node " + node, () -> nodes.ready(node, request.option())));
        String name = found.getFirst().getMetadata().getName();
        return new NodeLease(name, request.option(), ready ? joined : List.of(), ready);
    }

    private static boolean ready(NodeClaim claim) {
        return Optional.ofNullable(claim.getStatus())
                .filter(NodeClaimStatus::ready)
                .isPresent();
    }

    private static Optional<String> nodeOf(NodeClaim claim) {
        return Optional.ofNullable(claim.getStatus())
                .map(NodeClaimStatus::nodeName)
                .filter(name -> !name.isBlank());
    }

    /** Whether nothing is left of one claim; somebody else's by the same name is not ours to delete. */
    private boolean give(NodeRequest request, String name) {
        NodeClaim found = read(name);
        if (found == null || !ClaimLabels.owns(request.id(), found.getMetadata().getLabels())) {
            return true;
        }
        if (!found.isMarkedForDeletion()) {
            call("Deleting NodeClaim " + name, () -> resource(name).delete());
        }
        return read(name) == null;
    }

    @Override
    public String left(NodeRequest request) {
        return ClaimManifest.names(request).stream()
                .flatMap(name -> Stream.ofNullable(read(name)))
                .map(KarpenterNodeProvisioner::standing)
                .collect(Collectors.joining("; "));
    }

    /** Who keeps a claim that is deleted, and what is said of why. */
    private static String standing(NodeClaim claim) {
        List<String> finalizers = Objects.requireNonNullElse(claim.getMetadata().getFinalizers(), List.of());
        Optional<Condition> complaint = Optional.ofNullable(claim.getStatus()).flatMap(NodeClaimStatus::complaint);
        return "NodeClaim " + claim.getMetadata().getName() + " is deleted since "
                + claim.getMetadata().getDeletionTimestamp()
                + (finalizers.isEmpty() ? "" : " and kept by " + String.join(", ", finalizers))
                + complaint
                        .map(said -> "; it says " + said.getType() + ": " + said.getReason() + ", " + said.getMessage())
                        .orElse("");
    }

    private NodeException vanished(NodeRequest request, String name) {
        Optional<NodeClaims.Seen> seen = claims.seen(name);
        Optional<Event> warning = warnings.newest(name, seen.map(NodeClaims.Seen::uid));
        Optional<Condition> complaint = seen.flatMap(NodeClaims.Seen::complaint);
        String evidence = warning.map(said -> "Karpenter says: " + said.getReason() + ", " + said.getMessage())
                .or(() -> complaint.map(said -> "it last said: " + said.getReason() + ", " + said.getMessage()))
                .orElse("it said nothing before; ask with: kubectl get events -A --field-selector involvedObject.name="
                        + name);
        String message = "NodeClaim " + name + " for a " + request.option().instanceType()
                + " is gone although nobody of ours deleted it; " + evidence;
        boolean noCapacity = Stream.concat(
                        warning.stream().map(Event::getReason),
                        complaint.stream().map(Condition::getReason))
                .anyMatch(reason -> reason.startsWith(NO_CAPACITY));
        return noCapacity ? new NodeException.Occupied(message) : new NodeException.Vanished(message);
    }

    /** By a list: a single read cannot tell a claim that is gone from a definition that is not served yet. */
    private @Nullable NodeClaim read(String name) {
        return call(
                        "Reading NodeClaim " + name,
                        () ->
                                client
                                        .resources(NodeClaim.class)
                                        .withField("metadata.name", name)
                                        .list()
                                        .getItems()
                                        .stream()
                                        .findFirst())
                .orElse(null);
    }

    private Resource<NodeClaim> resource(String name) {
        return client.resources(NodeClaim.class).withName(name);
    }

    private static <T> T call(String what, Supplier<T> call) {
        try {
            return call.get();
        } catch (KubernetesClientException e) {
            throw refused(what, e);
        }
    }

    private static NodeException refused(String what, KubernetesClientException e) {
        ServerAnswer answer = ServerAnswer.to(what, e);
        return switch (answer.code()) {
            case HttpURLConnection.HTTP_FORBIDDEN -> new NodeException.Refused(answer.sentence());
            case HttpURLConnection.HTTP_NOT_FOUND ->
                new NodeException.Refused(answer.sentence() + " Is Karpenter installed in this cluster?");
            default -> answer.failure();
        };
    }
}
