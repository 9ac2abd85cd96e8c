package io.kaitoflow.activities.nodes.quota;

import io.kaitoflow.activities.nodes.ClaimName;
import io.kaitoflow.activities.nodes.NodeException;
import io.kaitoflow.activities.nodes.NodeProvisioner;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Claims machines for a namespace with a cap when it is the workspace's turn, and counts them until their provider has nothing left
 * of them. A claim that waits is one like any other: it is adopted, given back and swept with those that are made.
 */
public final class CappedProvisioner implements NodeProvisioner {

    private final NodeProvisioner provider;
    private final NamespaceQueues queues;
    private final Clock clock;

    /** @param provider of machines; where nobody is counted it alone is asked */
    public CappedProvisioner(NodeProvisioner provider, NamespaceQueues queues, Clock clock) {
        this.provider = provider;
        this.queues = queues;
        this.clock = clock;
    }

    /** Of a claim whose turn it is not yet nothing is asked of the provider. */
    @Override
    public NodeLease claim(NodeRequest request) {
        String namespace = request.id().namespace();
        if (!queues.counts(namespace)) {
            return provider.claim(request);
        }
        Register register = enter(request);
        return queues.caps()
                .of(namespace)
                .filter(cap -> register.find(request).filter(Ticket::waits).isPresent())
                .map(cap -> queued(new Place(register, cap, request)))
                .orElseGet(() -> provider.claim(request));
    }

    /** Of a claim that is made; whoever waits for its turn claims again. */
    @Override
    public NodeLease observe(NodeRequest request) {
        return provider.observe(request);
    }

    /** A claim that waits is held too. */
    @Override
    public List<NodeRequest> held(WorkspaceId id) {
        return and(provider.held(id), queues.find(id.namespace()).stream().toList(), ticket -> ticket.isOf(id));
    }

    /** Whoever asks for all claims sees to it that all of them are counted. */
    @Override
    public List<NodeRequest> all() {
        List<NodeRequest> made = provider.all();
        Map<String, List<NodeRequest>> byNamespace = made.stream()
                .collect(Collectors.groupingBy(request -> request.id().namespace()));
        List<Register> counted = Stream.concat(byNamespace.keySet().stream(), queues.namespaces())
                .distinct()
                .filter(queues::counts)
                .map(namespace -> queues.change(
                        namespace, register -> register.matching(byNamespace.getOrDefault(namespace, List.of()))))
                .toList();
        return and(made, counted, ticket -> true);
    }

    /** What is not gone is counted on. */
    @Override
    public boolean release(NodeRequest request) {
        String namespace = request.id().namespace();
        boolean gone = provider.release(request);
        if (queues.counts(namespace)) {
            queues.change(
                    namespace,
                    register -> gone ? register.without(request, clock.instant()) : register.leaving(request));
        }
        return gone;
    }

    @Override
    public String left(NodeRequest request) {
        return provider.left(request);
    }

    /** The first to come finds out what was claimed before anybody counted. */
    private Register enter(NodeRequest request) {
        String namespace = request.id().namespace();
        return queues.change(namespace, register -> {
            Register counted = register.isEmpty() ? register.matching(claimsIn(namespace)) : register;
            if (counted.find(request).map(Ticket::waits).orElse(true)) {
                refuseOverCap(request, counted);
            }
            return counted.entered(request, clock.instant());
        });
    }

    /** What is admitted stays so, whatever became of the cap. */
    private void refuseOverCap(NodeRequest request, Register register) {
        queues.caps().objection(request, register.beside(request)).ifPresent(why -> {
            throw new NodeException.OverCap(why);
        });
    }

    private List<NodeRequest> claimsIn(String namespace) {
        return provider.all().stream()
                .filter(claim -> claim.id().namespace().equals(namespace))
                .toList();
    }

    private static List<NodeRequest> and(List<NodeRequest> made, List<Register> registers, Predicate<Ticket> wanted) {
        Stream<NodeRequest> counted = registers.stream()
                .flatMap(register -> register.tickets().stream())
                .filter(wanted)
                .filter(ticket -> made.stream().noneMatch(ticket::isFor))
                .map(Ticket::request);
        return Stream.concat(made.stream(), counted).toList();
    }

    private static NodeLease queued(Place place) {
        NodeRequest claim = place.claim();
        return NodeLease.queued(ClaimName.of(claim, 0), claim.option(), place.turn(), place.sentence());
    }
}
