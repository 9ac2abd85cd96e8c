package io.kaitoflow.activities.nodes;

import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Remembers for a while which kinds of machines a provider refused, so that the next workspace goes on to its next kind at once. A
 * workspace that was refused itself asks again: somebody may have done something about it. What is held already is never refused.
 */
public final class RefusalMemory implements NodeProvisioner {

    /** Quota is granted by people. */
    private static final Duration QUOTA = Duration.ofMinutes(10);

    /** Machines come back whenever somebody gives one back. */
    private static final Duration CAPACITY = Duration.ofMinutes(3);

    private final NodeProvisioner provider;
    private final Clock clock;
    private final Map<Kind, Refusal> refusals = new ConcurrentHashMap<>();

    private record Kind(String instanceType, boolean spot, Optional<String> zone) {
        static Kind of(MachineOption option) {
            return new Kind(option.instanceType(), option.spot(), option.zone());
        }
    }

    private record Refusal(NodeException answer, WorkspaceId asked, Instant at, Instant until) {}

    /** @param provider that is asked where nothing is remembered */
    public RefusalMemory(NodeProvisioner provider, Clock clock) {
        this.provider = provider;
        this.clock = clock;
    }

    @Override
    public NodeLease claim(NodeRequest request) {
        Refusal refusal = refusals.get(Kind.of(request.option()));
        if (refusal != null && appliesTo(request, refusal)) {
            throw again(refusal);
        }
        return listened(request, () -> provider.claim(request));
    }

    @Override
    public NodeLease observe(NodeRequest request) {
        return listened(request, () -> provider.observe(request));
    }

    @Override
    public List<NodeRequest> held(WorkspaceId id) {
        return provider.held(id);
    }

    @Override
    public List<NodeRequest> all() {
        return provider.all();
    }

    @Override
    public boolean release(NodeRequest request) {
        return provider.release(request);
    }

    @Override
    public String left(NodeRequest request) {
        return provider.left(request);
    }

    @Override
    public Extent extent(NodeRequest request) {
        return provider.extent(request);
    }

    private boolean appliesTo(NodeRequest request, Refusal refusal) {
        return clock.instant().isBefore(refusal.until())
                && !refusal.asked().equals(request.id())
                && !provider.held(request.id()).contains(request);
    }

    private NodeLease listened(NodeRequest request, Supplier<NodeLease> call) {
        Kind kind = Kind.of(request.option());
        try {
            NodeLease lease = call.get();
            if (lease.ready()) {
                refusals.remove(kind);
            }
            return lease;
        } catch (NodeException answer) {
            lasts(answer.kind())
                    .ifPresent(time -> refusals.put(
                            kind,
                            new Refusal(
                                    answer,
                                    request.id(),
                                    clock.instant(),
                                    clock.instant().plus(time))));
            throw answer;
        }
    }

    /** How long an answer is true for everybody; empty when it is about one claim alone. */
    private static Optional<Duration> lasts(FailureKind kind) {
        return switch (kind) {
            case QUOTA_EXCEEDED, SKU_UNAVAILABLE -> Optional.of(QUOTA);
            case CAPACITY_MISSING -> Optional.of(CAPACITY);
            default -> Optional.empty();
        };
    }

    private static NodeException again(Refusal refusal) {
        String message = "Not asked: " + refusal.at().truncatedTo(ChronoUnit.SECONDS) + " workspace "
                + refusal.asked().namespace() + "/" + refusal.asked().name() + " was answered: "
                + refusal.answer().getMessage() + " It is asked for again after "
                + refusal.until().truncatedTo(ChronoUnit.SECONDS) + ".";
        return switch (refusal.answer()) {
            case NodeException.QuotaExceeded _ -> new NodeException.QuotaExceeded(message);
            case NodeException.NotOffered _ -> new NodeException.NotOffered(message);
            default -> new NodeException.Occupied(message);
        };
    }
}
