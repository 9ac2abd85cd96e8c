package io.kaitoflow.workflows.rollout;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.ServingLimits;
import io.kaitoflow.workflows.request.ServingTerms;
import io.kaitoflow.workflows.request.TuningJob;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.temporal.activity.ActivityInterface;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Starts and stops the processes on leased machines. Every call is idempotent. */
@ActivityInterface(namePrefix = "Rollout.")
public interface RolloutActivities {

    /**
     * Where the tuner runs and what it will be given to do.
     *
     * @param attempt counts its starts
     * @param job names the volumes and secrets that it needs; empty in inputs of earlier releases
     * @param memory estimated peak
     */
    record TunerInput(WorkspaceId id, NodeLease lease, int attempt, Optional<TuningJob> job, ByteSize memory) {

        public TunerInput {
            memory = Objects.requireNonNullElse(memory, ByteSize.ofBytes(0));
        }

        /** A tuner that needs nothing of the cluster. */
        public TunerInput(WorkspaceId id, NodeLease lease, int attempt) {
            this(id, lease, attempt, Optional.empty(), ByteSize.ofBytes(0));
        }
    }

    /**
     * Who pushes a result that was kept: a tuner without a machine of its own, and without anything to tune.
     *
     * @param attempt counts the starts of tuners
     * @param job names the volumes and secrets that it needs
     */
    record PusherInput(WorkspaceId id, int attempt, TuningJob job) {}

    /**
     * What is served and where.
     *
     * @param modelSecret holds the hub token of a gated model
     * @param memory estimated peak
     * @param limits of the server
     * @param terms how it is reached and watched, and what serves
     * @param template the pod to run in place of a server of ours, in JSON; absent from inputs of earlier releases
     * @param standing where another server stands that answers until this one does; absent where that one makes room first
     */
    record RollInput(
            WorkspaceId id,
            NodeLease lease,
            Preset preset,
            List<ServedAdapter> adapters,
            Optional<SecretReference> modelSecret,
            ByteSize memory,
            ServingLimits limits,
            ServingTerms terms,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> template,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<NodeLease> standing) {

        public RollInput {
            adapters = List.copyOf(adapters);
            memory = Objects.requireNonNullElse(memory, ByteSize.ofBytes(0));
            limits = Objects.requireNonNullElseGet(limits, ServingLimits::none);
            terms = Objects.requireNonNullElseGet(terms, ServingTerms::plain);
        }

        /** A model that everybody may read, of unknown size. */
        public RollInput(WorkspaceId id, NodeLease lease, Preset preset, List<ServedAdapter> adapters) {
            this(
                    id,
                    lease,
                    preset,
                    adapters,
                    Optional.empty(),
                    ByteSize.ofBytes(0),
                    ServingLimits.none(),
                    ServingTerms.plain(),
                    Optional.empty(),
                    Optional.empty());
        }

        /** The same on other machines, where nothing else stands. */
        public RollInput on(NodeLease other) {
            return new RollInput(
                    id, other, preset, adapters, modelSecret, memory, limits, terms, template, Optional.empty());
        }

        /** The same, while another server answers there. */
        public RollInput beside(NodeLease other) {
            return new RollInput(
                    id, lease, preset, adapters, modelSecret, memory, limits, terms, template, Optional.of(other));
        }
    }

    /** Starts the tuner, or a new one when the old one is gone; returns when it polls its queue. */
    TunerHandle startTuner(TunerInput input);

    /**
     * Starts a tuner wherever there is room, beside what is kept there; returns when it polls its queue. It is asked after and stopped
     * as any tuner.
     */
    TunerHandle startPusher(PusherInput input);

    /** Whether the tuner stands, and how it ended, as far as can be known; asked after it fell silent and before it is stopped. */
    TunerEnd tunerEnd(WorkspaceId id);

    /** Stops the tuner and waits until it is gone; nothing to stop is fine. */
    void stopTuner(WorkspaceId id);

    /**
     * Whether this needs no other server than the one that stands: it is served already, or differs in what a server takes while it
     * runs. A short read.
     */
    boolean servedInPlace(RollInput input);

    /**
     * Rolls the server out and waits until it is ready. One that does not become ready is taken back where another served before it;
     * the endpoint then says so. Where one stands on another machine, that one answers until then and goes after it.
     *
     * <p>Fails with {@code SERVER_NOT_READY}, {@code PORT_IN_USE}, {@code IMAGE_UNAVAILABLE}, {@code POD_NOT_PLACED},
     * {@code MEMORY_TOO_SMALL} or {@code CLUSTER_REFUSED}.
     */
    Endpoint roll(RollInput input);

    /** Stops the server and waits until it is gone; nothing to stop is fine. */
    void retire(WorkspaceId id);
}
