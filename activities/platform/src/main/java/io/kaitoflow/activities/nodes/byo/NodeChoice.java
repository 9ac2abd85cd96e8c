package io.kaitoflow.activities.nodes.byo;

import io.kaitoflow.activities.nodes.readiness.NodeFacts;
import io.kaitoflow.workflows.nodes.NodeRequest;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which of the user's nodes a claim may take: pure.
 *
 * @param request what is wanted
 * @param labelled nodes with the wanted labels, whatever state they are in
 * @param holders of nodes that others reserved, by node
 */
record NodeChoice(NodeRequest request, List<NodeFacts> labelled, Map<String, String> holders) {

    private static final int NAMED = 4;

    /** A full set, those that the request prefers first, sorted by name; empty when there is none. */
    List<String> set() {
        List<String> free = labelled.stream()
                .filter(node -> obstacle(node).isEmpty())
                .map(NodeFacts::name)
                .sorted(preferred().thenComparing(Comparator.naturalOrder()))
                .limit(count())
                .sorted()
                .toList();
        return free.size() == count() ? free : List.of();
    }

    /** Why there is no full set, one sentence for people. */
    String reason() {
        if (labelled.isEmpty()) {
            return "No node has the labels " + labels() + "; label one with: kubectl label node NAME "
                    + labels().replace(",", "") + ".";
        }
        String wanted = count() == 1 ? "None of the nodes with " : "Fewer than " + count() + " of the nodes with ";
        return wanted + labels() + " can be taken: "
                + labelled.stream()
                        .flatMap(node -> obstacle(node).map(why -> node.name() + " " + why).stream())
                        .limit(NAMED)
                        .collect(Collectors.joining("; "))
                + (labelled.size() > NAMED ? "; and others." : ".");
    }

    /** Whether a node that is ours still does what it was taken for. */
    boolean stillGood(NodeFacts node) {
        return unfit(node).isEmpty();
    }

    private Optional<String> obstacle(NodeFacts node) {
        return closed(node)
                .or(() -> unfit(node))
                .or(() -> Optional.ofNullable(holders.get(node.name()))
                        .map(holder -> "is reserved by workspace " + holder));
    }

    private static Optional<String> closed(NodeFacts node) {
        return node.takesPods() ? Optional.empty() : Optional.of("is not Ready or is cordoned");
    }

    private Optional<String> unfit(NodeFacts node) {
        if (!node.ready()) {
            return Optional.of("is not Ready");
        }
        if (node.devices() < request.option().gpus()) {
            return Optional.of("has " + node.devices() + " nvidia.com/gpu of "
                    + request.option().gpus() + "; is NVIDIA's device plugin running there?");
        }
        return node.deviceMemory()
                .filter(memory -> memory.compareTo(request.option().gpuMemory()) < 0)
                .map(memory -> "has " + memory + " on " + node.product() + " and the job needs "
                        + request.option().gpuMemory());
    }

    /** In the order in which the request names them; those that it does not name come after. */
    private Comparator<String> preferred() {
        List<String> names = request.machines().preferredNodes();
        return Comparator.comparingInt(name -> names.contains(name) ? names.indexOf(name) : names.size());
    }

    private int count() {
        return request.machines().count();
    }

    private String labels() {
        return Stream.of(request.machines().labels())
                .flatMap(labels -> labels.entrySet().stream())
                .map(label -> label.getKey() + "=" + label.getValue())
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
