package io.kaitoflow.worker.control.hostile;

import io.kaitoflow.activities.nodes.karpenter.NodeClaim;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.worker.control.TestCluster;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares what users want with what lies at the API server. */
final class Verdict {

    private static final String CAPACITY = "karpenter.sh/capacity-type";

    private final Users users;
    private final TestCluster cluster;
    private final List<String> complaints = new ArrayList<>();

    private Verdict(Users users, TestCluster cluster) {
        this.users = users;
        this.cluster = cluster;
    }

    /** What is not as it should be; empty when everything is. */
    static List<String> complaints(Users users, TestCluster cluster) {
        Verdict verdict = new Verdict(users, cluster);
        verdict.look();
        return List.copyOf(verdict.complaints);
    }

    private void look() {
        Map<String, List<NodeClaim>> claims = cluster.claims().stream()
                .collect(Collectors.groupingBy(
                        claim -> claim.getMetadata().getLabels().getOrDefault(ClaimHistory.UID, "nobody")));
        Map<String, Workspace> existing = existing();
        Set<String> unwanted = new HashSet<>(existing.keySet());
        for (Wish wish : users.wishes()) {
            unwanted.remove(wish.uid);
            bought(wish, Objects.requireNonNullElse(claims.remove(wish.uid), List.of()));
            shown(wish, Optional.ofNullable(existing.get(wish.uid)));
        }
        unwanted.forEach(uid -> complaints.add("A deleted workspace is still there: " + uid + " with finalizers "
                + Objects.requireNonNull(existing.get(uid)).getMetadata().getFinalizers()));
        claims.forEach((uid, left) -> complaints.add("Claims of nobody are left: " + names(left) + " of " + uid));
        namespaces();
    }

    private Map<String, Workspace> existing() {
        Map<String, Workspace> all = new HashMap<>();
        users.namespaces().stream()
                .flatMap(namespace ->
                        cluster.client().resources(Workspace.class).inNamespace(namespace).list().getItems().stream())
                .forEach(workspace -> all.put(workspace.getMetadata().getUid(), workspace));
        return all;
    }

    private void bought(Wish wish, List<NodeClaim> claims) {
        if (claims.size() != wish.claims() || claims.stream().anyMatch(NodeClaim::isMarkedForDeletion)) {
            complaints.add(wish + " but has the claims " + names(claims));
        }
        claims.stream()
                .filter(claim -> !wish.capacity().equals(capacity(claim)))
                .forEach(claim -> complaints.add(wish + " but has a claim for " + capacity(claim)));
    }

    private static String capacity(NodeClaim claim) {
        return Objects.requireNonNull(claim.getSpec()).requirements().stream()
                .filter(requirement -> requirement.key().equals(CAPACITY))
                .map(requirement -> String.join(",", requirement.values()))
                .findFirst()
                .orElse("none");
    }

    private void shown(Wish wish, Optional<Workspace> workspace) {
        if (workspace.isEmpty()) {
            complaints.add(wish + " but is not there");
            return;
        }
        WorkspaceStatus status = workspace.get().getStatus();
        if (status == null) {
            complaints.add(wish + " but has no status");
            return;
        }
        long generation = workspace.get().getMetadata().getGeneration();
        if (!wish.phase().equals(status.phase())
                || Objects.requireNonNullElse(status.observedGeneration(), 0L) != generation
                || !Objects.requireNonNullElse(status.workflowId(), "").endsWith(wish.uid)) {
            complaints.add(wish + " at generation " + generation + " but the status says " + status.phase()
                    + " for generation " + status.observedGeneration() + " of " + status.workflowId() + ": "
                    + status.conditions());
        }
    }

    private void namespaces() {
        users.doomed().stream()
                .filter(namespace ->
                        cluster.client().namespaces().withName(namespace).get() != null)
                .forEach(namespace -> complaints.add("The deleted namespace " + namespace + " is still there"));
    }

    private static List<String> names(List<NodeClaim> claims) {
        return claims.stream()
                .map(claim -> claim.getMetadata().getName() + (claim.isMarkedForDeletion() ? " (going)" : ""))
                .toList();
    }
}
