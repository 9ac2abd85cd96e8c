package io.kaitoflow.activities.nodes.quota;

import io.kaitoflow.activities.nodes.ClaimName;
import io.kaitoflow.activities.nodes.Extent;
import io.kaitoflow.activities.nodes.NodeException;
import io.kaitoflow.activities.nodes.NodeProvisioner;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
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
        return atItsTurn(provider.extent(request), provider::claim);
    }

    /**
     * Of a claim that is made; whoever waits for its turn claims again. One for the user's own nodes that has none yet may be given
     * larger ones than it was admitted for, and is counted anew.
     */
    @Override
    public NodeLease observe(NodeRequest request) {
        if (!request.option().owned() || !queues.counts(request.id().namespace())) {
            return provider.observe(request);
        }
        Extent extent = provider.extent(request);
        return extent.taken() ? provider.observe(request) : atItsTurn(extent, provider::observe);
    }

    private NodeLease atItsTurn(Extent extent, Function<NodeRequest, NodeLease> call) {
        NodeRequest claim = extent.request();
        Register register = enter(extent);
        return queues.caps()
                .of(claim.id().namespace())
                .filter(cap -> register.find(claim).filter(Ticket::waits).isPresent())
                .map(cap -> queued(new Place(register, cap, claim, clock.instant())))
                .orElseGet(() -> call.apply(claim));
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
        List<Register> counted = Stream.concat(
                        made.stream().map(request -> request.id().namespace()), queues.namespaces())
                .distinct()
                .filter(queues::counts)
                .map(namespace -> match(namespace, in(namespace, made)))
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

    private Register match(String namespace, List<Extent> claims) {
        return queues.change(namespace, register -> register.matching(claims, clock.instant()));
    }

    /** The first to come finds out what was claimed before anybody counted. */
    private Register enter(Extent extent) {
        NodeRequest claim = extent.request();
        String namespace = claim.id().namespace();
        return queues.change(namespace, register -> {
            Register counted = register.tickets().isEmpty()
                    ? register.matching(in(namespace, provider.all()), clock.instant())
                    : register;
            if (counted.find(claim).map(Ticket::waits).orElse(true)) {
                refuseOverCap(claim, counted);
            }
            return counted.entered(extent, clock.instant());
        });
    }

    /** What is admitted stays so, whatever became of the cap. */
    private void refuseOverCap(NodeRequest request, Register register) {
        queues.caps().objection(request, register.beside(request)).ifPresent(why -> {
            throw new NodeException.OverCap(why);
        });
    }

    private List<Extent> in(String namespace, List<NodeRequest> claims) {
        return claims.stream()
                .filter(claim -> claim.id().namespace().equals(namespace))
                .map(provider::extent)
                .toList();
    }

    private static List<NodeRequest> and(List<NodeRequest> made, List<Register> registers, Predicate<Ticket> wanted) {
        Stream<NodeRequest> counted = registers.stream()
                .flatMap(register -> register.tickets().stream())
                .filter(wanted)
                .filter(ticket -> made.stream().noneMatch(ticket::isFor))
                .map(ticket -> ticket.request().asked());
        return Stream.concat(made.stream(), counted).toList();
    }

    private static NodeLease queued(Place place) {
        NodeRequest claim = place.claim();
        return NodeLease.queued(ClaimName.of(claim, 0), claim.option(), place.turn(), place.sentence());
    }
}
