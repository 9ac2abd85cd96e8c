package io.kaitoflow.activities.nodes.byo;

import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which of the user's nodes a claim may take: pure. All nodes of a set have as many devices, for a set is one kind of machine; of
 * several sets the one with the nodes that the request prefers is taken, else the one with the fewest devices, so that small jobs
 * leave large nodes to large ones.
 *
 * @param request what is wanted
 * @param labelled nodes with the wanted labels, whatever state they are in
 * @param holders of nodes that others reserved, by node
 */
record NodeChoice(NodeRequest request, List<OwnNode> labelled, Map<String, String> holders) {

    private static final int NAMED = 4;

    /** A full set, sorted by name; empty when there is none. */
    Optional<NodeSet> set() {
        return free().collect(Collectors.groupingBy(OwnNode::gpus)).values().stream()
                .flatMap(alike -> fullSet(alike).stream())
                .min(Comparator.comparingInt(this::unpreferred)
                        .thenComparingInt(this::preference)
                        .thenComparingInt(NodeSet::gpus));
    }

    /** The same as if nobody had reserved anything. */
    NodeChoice unreserved() {
        return new NodeChoice(request, labelled, Map.of());
    }

    /** Whether the job spreads over all devices of a node. */
    boolean spread() {
        return request.option().needed().spread();
    }

    /** Those of these names, sorted; fewer where some are gone, or have other labels now. */
    List<OwnNode> of(Set<String> names) {
        return labelled.stream()
                .filter(node -> names.contains(node.name()))
                .sorted(Comparator.comparing(OwnNode::name))
                .toList();
    }

    /** Why there is no full set, one sentence for people. */
    String reason() {
        if (labelled.isEmpty()) {
            return "No node has the labels " + labels() + "; label one with: kubectl label node NAME "
                    + labels().replace(",", "") + ".";
        }
        String wanted = count() == 1 ? "None of the nodes with " : "Fewer than " + count() + " of the nodes with ";
        return wanted + labels() + " can be taken: " + named(labelled.stream().flatMap(node -> because(node).stream()));
    }

    /** Why nodes are not in this set that are labelled like those that are; empty when there are no others. */
    Optional<String> others(NodeSet set) {
        List<String> why = labelled.stream()
                .filter(node -> !set.names().contains(node.name()))
                .map(node -> node.name() + " "
                        + obstacle(node).or(() -> unlike(node, set)).orElse("is as good, and not needed"))
                .toList();
        return why.isEmpty() ? Optional.empty() : Optional.of(named(why.stream()));
    }

    /** Whether a node that is ours still is what it was taken for. */
    boolean stillGood(OwnNode node, int taken) {
        return node.gpus() >= taken && unfit(node).isEmpty();
    }

    private Stream<OwnNode> free() {
        return labelled.stream().filter(node -> obstacle(node).isEmpty());
    }

    private Optional<NodeSet> fullSet(List<OwnNode> alike) {
        List<OwnNode> first = alike.stream()
                .sorted(Comparator.comparingInt(this::rank).thenComparing(OwnNode::name))
                .limit(count())
                .sorted(Comparator.comparing(OwnNode::name))
                .toList();
        return NodeSet.of(first, count());
    }

    private Optional<String> because(OwnNode node) {
        return obstacle(node)
                .or(() -> Optional.of("has " + devices(node.gpus()) + ", and the nodes of a set must have as many"))
                .map(why -> node.name() + " " + why);
    }

    private static Optional<String> unlike(OwnNode node, NodeSet set) {
        return node.gpus() == set.gpus()
                ? Optional.empty()
                : Optional.of("has " + devices(node.gpus()) + " where the set has " + set.gpus() + " each");
    }

    private Optional<String> obstacle(OwnNode node) {
        return closed(node)
                .or(() -> unfit(node))
                .or(() -> Optional.ofNullable(holders.get(node.name()))
                        .map(holder -> "is reserved by workspace " + holder))
                .or(() -> beyondAdmitted(node));
    }

    private static Optional<String> closed(OwnNode node) {
        return node.facts().takesPods() ? Optional.empty() : Optional.of("is not Ready or is cordoned");
    }

    private Optional<String> unfit(OwnNode node) {
        MachineOption wanted = request.option();
        if (!node.facts().ready()) {
            return Optional.of("is not Ready");
        }
        if (node.gpus() < wanted.gpus()) {
            return Optional.of("has " + node.gpus() + " nvidia.com/gpu of " + wanted.gpus()
                    + "; is NVIDIA's device plugin running there?");
        }
        return tooSmall(node, wanted).or(() -> tooOld(node, wanted));
    }

    private static Optional<String> tooSmall(OwnNode node, MachineOption wanted) {
        boolean spread = wanted.needed().spread();
        Optional<ByteSize> memory = spread ? node.memory() : node.deviceMemory();
        return memory.filter(there -> there.compareTo(wanted.gpuMemory()) < 0)
                .map(there -> "has " + there + " on "
                        + (spread ? "all its devices, " + node.devices() + "," : node.product())
                        + " and the job needs " + wanted.gpuMemory());
    }

    private static Optional<String> tooOld(OwnNode node, MachineOption wanted) {
        return wanted.needed()
                .capability()
                .flatMap(least -> node.capability()
                        .filter(has -> has.major() < least.major())
                        .map(has -> "has " + node.product() + " of compute capability " + has
                                + " and the plan's number format needs " + least));
    }

    /** Who may hold so many devices at once must not get more. */
    private Optional<String> beyondAdmitted(OwnNode node) {
        var admitted = request.option().needed().devices();
        return admitted.isPresent() && admitted.getAsInt() != node.gpus()
                ? Optional.of("has " + devices(node.gpus()) + ", and " + admitted.getAsInt() + " are admitted")
                : Optional.empty();
    }

    private int unpreferred(NodeSet set) {
        return (int) set.names().stream()
                .filter(name -> !request.machines().preferredNodes().contains(name))
                .count();
    }

    private int preference(NodeSet set) {
        return set.nodes().stream().mapToInt(this::rank).min().orElse(0);
    }

    /** In the order in which the request names them; those that it does not name come after. */
    private int rank(OwnNode node) {
        List<String> names = request.machines().preferredNodes();
        return names.contains(node.name()) ? names.indexOf(node.name()) : names.size();
    }

    private static String named(Stream<String> reasons) {
        List<String> all = reasons.toList();
        return String.join("; ", all.subList(0, Math.min(NAMED, all.size())))
                + (all.size() > NAMED ? "; and others." : ".");
    }

    private static String devices(int gpus) {
        return gpus + (gpus == 1 ? " GPU" : " GPUs");
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
