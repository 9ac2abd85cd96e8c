package io.kaitoflow.activities.nodes.local;

import io.kaitoflow.activities.processes.ProcessIdentity;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Who holds this machine.
 *
 * @param uid of the workspace
 * @param name of the workspace, for messages
 * @param process that leased last
 * @param claims numbers of the workspace's open claims; the machine is free after the last
 */
record Holder(String uid, String name, ProcessIdentity process, Set<Integer> claims) {

    private static final int FIELDS = 4;

    Holder {
        claims = Set.copyOf(claims);
    }

    /** Empty when the text is damaged: a lease that cannot be read holds nothing. */
    static Optional<Holder> parse(String text) {
        List<String> fields = List.of(text.strip().split("\n", -1));
        if (fields.size() != FIELDS || !fields.get(3).matches("\\d{1,9}( \\d{1,9})*")) {
            return Optional.empty();
        }
        Set<Integer> claims =
                Arrays.stream(fields.get(3).split(" ")).map(Integer::valueOf).collect(Collectors.toSet());
        return ProcessIdentity.parse(fields.get(2))
                .map(process -> new Holder(fields.get(0), fields.get(1), process, claims));
    }

    String text() {
        String numbers = new TreeSet<>(claims).stream().map(String::valueOf).collect(Collectors.joining(" "));
        return String.join("\n", uid, name, process.text(), numbers) + "\n";
    }

    boolean isAlive() {
        return process.running().isPresent();
    }

    boolean sameWorkspace(NodeRequest request) {
        return uid.equals(request.id().uid());
    }

    /** The name stands as namespace/name. */
    WorkspaceId id() {
        int slash = name.indexOf('/');
        return new WorkspaceId(name.substring(0, Math.max(0, slash)), name.substring(slash + 1), uid);
    }

    boolean holds(NodeRequest request) {
        return sameWorkspace(request) && claims.contains(request.number());
    }

    /** The holder after the claim: one that was there keeps its other claims when it is the same workspace. */
    static Holder after(Optional<Holder> before, NodeRequest request, ProcessIdentity process) {
        Set<Integer> claims = new TreeSet<>(before.filter(holder -> holder.sameWorkspace(request))
                .map(Holder::claims)
                .orElse(Set.of()));
        claims.add(request.number());
        String name = request.id().namespace() + "/" + request.id().name();
        return new Holder(request.id().uid(), name, process, claims);
    }

    /** The holder after the release; empty when that was the last claim. */
    Optional<Holder> without(NodeRequest request) {
        Set<Integer> left = new TreeSet<>(claims);
        left.remove(request.number());
        return left.isEmpty() ? Optional.empty() : Optional.of(new Holder(uid, name, process, left));
    }
}
