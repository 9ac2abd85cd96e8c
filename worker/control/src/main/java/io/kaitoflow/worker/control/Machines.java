package io.kaitoflow.worker.control;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kaitoflow.activities.nodes.ClaimLabels;
import io.kaitoflow.activities.nodes.NodeProvisioner;
import io.kaitoflow.activities.nodes.OwnOrBought;
import io.kaitoflow.activities.nodes.RefusalMemory;
import io.kaitoflow.activities.nodes.azure.AzureMachines;
import io.kaitoflow.activities.nodes.byo.OwnNodeProvisioner;
import io.kaitoflow.activities.nodes.byo.ReservationWatch;
import io.kaitoflow.activities.nodes.karpenter.KarpenterNodeProvisioner;
import io.kaitoflow.activities.nodes.karpenter.NodeClaims;
import io.kaitoflow.activities.nodes.quota.CappedProvisioner;
import io.kaitoflow.activities.nodes.quota.NamespaceQueues;
import io.kaitoflow.activities.nodes.quota.QueueFigures;
import io.kaitoflow.activities.nodes.quota.QueueSettings;
import io.kaitoflow.activities.nodes.readiness.NodeFacts;
import io.kaitoflow.activities.nodes.readiness.NodeWatch;
import io.kaitoflow.activities.nodes.readiness.ReadyNodes;
import io.kaitoflow.activities.preflight.OwnNodes;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where this installation's machines come from, and the watches that tell of them. */
final class Machines implements AutoCloseable {

    /** After a change of a cap the replicas of before may answer for some seconds. */
    private static final Duration QUEUE_ROUND = Duration.ofSeconds(5);

    private final GpuCatalogue catalogue;
    private final BiConsumer<WorkspaceId, String> news;
    private final Optional<NodeClaims> claims;
    private final ReservationWatch reservations;
    private final NodeWatch nodes;
    private final Optional<AzureMachines> azure;
    private final NamespaceQueues queues;
    private final NodeProvisioner provisioner;

    /**
     * Returns when everything was read once.
     *
     * @param client stays the caller's
     * @param news is told whose machine changed, and the name of its claim
     */
    Machines(MachineSettings settings, KubernetesClient client, BiConsumer<WorkspaceId, String> news, Clock clock) {
        catalogue = settings.catalogue();
        this.news = news;
        claims = settings.buyer() == Buyer.KARPENTER
                ? Optional.of(new NodeClaims(client, settings.karpenter().installation(), news))
                : Optional.empty();
        reservations = new ReservationWatch(client, settings.own(), news);
        nodes = new NodeWatch(client, this::changed);
        // Azure's classes are many, and are loaded only where they are used.
        azure = settings.azure().map(pools -> AzureMachines.open(pools, new ReadyNodes(client)::ready, news, clock));
        queues = new NamespaceQueues(
                client,
                new QueueSettings(settings.own().namespace(), settings.own().installation(), settings.caps()),
                news,
                QUEUE_ROUND,
                clock);
        provisioner = new CappedProvisioner(
                new OwnOrBought(
                        new OwnNodeProvisioner(client, settings.own(), catalogue, reservations),
                        bought(settings, client).map(buys -> new RefusalMemory(buys, clock))),
                queues,
                clock);
    }

    NodeProvisioner provisioner() {
        return provisioner;
    }

    /** What the user's own nodes are, for plans. */
    OwnNodes own() {
        return reservations.prospect(nodes, catalogue);
    }

    /** Who holds machines now, as far as the watches know. */
    Stream<WorkspaceId> owners() {
        return Stream.of(claims.stream().flatMap(NodeClaims::owners), reservations.owners(), queues.owners())
                .flatMap(Function.identity())
                .distinct();
    }

    /** The queues of namespaces as numbers. */
    List<QueueFigures> queues() {
        return queues.figures();
    }

    /**
     * Tells those that are said to have machines that do not answer, and says how many these are.
     *
     * @param machines by workspace, as their statuses name them
     */
    int tellBereft(Map<WorkspaceId, List<String>> machines) {
        List<WorkspaceId> bereft = machines.entrySet().stream()
                .filter(held -> !held.getValue().stream().allMatch(nodes::answers))
                .map(Map.Entry::getKey)
                .toList();
        bereft.forEach(id -> news.accept(id, ""));
        return bereft.size();
    }

    /**
     * Tells those in whose name more is held than they should need, as a call does that outlives its attempt, and says how many these
     * are. Two claims may be right, and a claim may be going: whoever is told knows.
     *
     * @param atRest those that need no machine
     */
    int tellLaden(Set<WorkspaceId> atRest) {
        Map<WorkspaceId, Set<Integer>> claims = provisioner.all().stream()
                .collect(Collectors.groupingBy(
                        NodeRequest::id, Collectors.mapping(NodeRequest::number, Collectors.toSet())));
        List<WorkspaceId> laden = claims.entrySet().stream()
                .filter(held -> held.getValue().size() > 1 || atRest.contains(held.getKey()))
                .map(Map.Entry::getKey)
                .toList();
        laden.forEach(id -> news.accept(id, ""));
        return laden.size();
    }

    /** False once a watch ended for good: only a fresh process sees everything again. */
    boolean healthy() {
        return claims.stream().allMatch(NodeClaims::healthy)
                && reservations.healthy()
                && nodes.healthy()
                && queues.healthy();
    }

    private Optional<NodeProvisioner> bought(MachineSettings settings, KubernetesClient client) {
        return azure.map(AzureMachines::provisioner)
                .or(() -> claims.map(watched -> new KarpenterNodeProvisioner(client, settings.karpenter(), watched)));
    }

    /** A machine that was bought says whose it is; any other may be what somebody waits for. */
    private void changed(NodeFacts node) {
        ClaimLabels.owner(node.labels())
                .ifPresentOrElse(id -> news.accept(id, node.name()), () -> reservations.changed(node));
    }

    @Override
    public void close() {
        queues.close();
        azure.ifPresent(AzureMachines::close);
        nodes.close();
        reservations.close();
        claims.ifPresent(NodeClaims::close);
    }
}
