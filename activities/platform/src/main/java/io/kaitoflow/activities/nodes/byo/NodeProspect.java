package io.kaitoflow.activities.nodes.byo;

import io.kaitoflow.activities.nodes.readiness.NodeFacts;
import io.kaitoflow.activities.preflight.OwnNodes;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.workflows.nodes.NodeRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Chooses among nodes as a claim would, and takes nothing.
 *
 * @param labelled the nodes with these labels, whatever state they are in
 * @param holders of reserved nodes, but for a request's own, by node
 * @param catalogue knows what labels leave out
 */
public record NodeProspect(
        Function<Map<String, String>, List<NodeFacts>> labelled,
        Function<NodeRequest, Map<String, String>> holders,
        GpuCatalogue catalogue)
        implements OwnNodes {

    /** Of nodes that nobody reserved. */
    public static NodeProspect of(List<NodeFacts> nodes, GpuCatalogue catalogue) {
        return new NodeProspect(
                labels -> nodes.stream().filter(node -> node.has(labels)).toList(), demand -> Map.of(), catalogue);
    }

    @Override
    public Prospect look(NodeRequest demand) {
        List<OwnNode> nodes = labelled.apply(demand.machines().labels()).stream()
                .map(node -> OwnNode.of(node, catalogue))
                .toList();
        return prospect(new NodeChoice(demand, nodes, holders.apply(demand)));
    }

    private static Prospect prospect(NodeChoice choice) {
        Optional<NodeSet> free = choice.set();
        Optional<NodeSet> set = free.or(() -> choice.unreserved().set());
        List<String> notes = new ArrayList<>();
        notes.add("Own nodes are used, each of them whole: "
                + set.map(NodeSet::counted).orElse("as many GPUs are counted as it has."));
        set.filter(found -> !choice.spread() && found.gpus() > 1)
                .ifPresent(found -> notes.add("The job computes on one of the " + found.gpus() + " GPUs of a node."));
        (free.isPresent()
                        ? free.flatMap(choice::others).map("Others are not taken: "::concat)
                        : Optional.of(choice.reason()))
                .ifPresent(notes::add);
        return new Prospect(set.map(found -> found.found(choice.request().option())), notes);
    }
}
