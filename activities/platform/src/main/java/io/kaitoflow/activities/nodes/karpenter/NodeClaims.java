package io.kaitoflow.activities.nodes.karpenter;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.kaitoflow.activities.nodes.ClaimLabels;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * The claims of this installation as one watch sees them. Who waits for a machine is told when something about its claim
 * changed, and what a claim said last is kept when it vanishes.
 */
public final class NodeClaims implements AutoCloseable {

    private static final String BY_UID = "uid";
    private static final int KEPT = 4000;

    private final SharedIndexInformer<NodeClaim> informer;
    private final BiConsumer<WorkspaceId, String> observer;
    private final Map<String, Seen> seen = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
            return size() > KEPT;
        }
    });

    /**
     * Returns when all claims were read once.
     *
     * @param observer is told whose claim changed and its name; it may take a call's time
     */
    public NodeClaims(KubernetesClient client, String installation, BiConsumer<WorkspaceId, String> observer) {
        this.observer = observer;
        client.getKubernetesSerialization().registerKubernetesResource(NodeClaim.class);
        informer = client.resources(NodeClaim.class)
                .withLabel(ClaimLabels.INSTALLATION, installation)
                .runnableInformer(0);
        informer.addIndexers(Map.of(
                BY_UID, claim -> owner(claim).map(WorkspaceId::uid).stream().toList()));
        informer.addEventHandler(new Listener());
        // Without it the first list may be an old one, and a claim that is not in it would be made twice.
        informer.initialState(Stream.empty());
        informer.run();
    }

    /** Who holds claims now, as far as the watch knows. */
    public Stream<WorkspaceId> owners() {
        return informer.getStore().list().stream()
                .flatMap(claim -> owner(claim).stream())
                .distinct();
    }

    /** False once the watch ended for good: only a fresh process sees everything again. */
    public boolean healthy() {
        return !informer.stopped().toCompletableFuture().isCompletedExceptionally();
    }

    List<NodeClaim> of(WorkspaceId id) {
        return informer.getIndexer().byIndex(BY_UID, id.uid());
    }

    private static Optional<WorkspaceId> owner(NodeClaim claim) {
        return ClaimLabels.owner(claim.getMetadata().getLabels());
    }

    /** What was seen last of a claim, also of one that is gone. */
    Optional<Seen> seen(String name) {
        return Optional.ofNullable(seen.get(name));
    }

    private void remember(NodeClaim claim) {
        Optional<Condition> complaint = Optional.ofNullable(claim.getStatus()).flatMap(NodeClaimStatus::complaint);
        seen.put(claim.getMetadata().getName(), new Seen(claim.getMetadata().getUid(), complaint));
    }

    /**
     * A claim as it was seen last.
     *
     * @param uid tells it from its namesakes
     * @param complaint why there was no machine
     */
    record Seen(String uid, Optional<Condition> complaint) {}

    private void tell(NodeClaim claim) {
        owner(claim).ifPresent(id -> observer.accept(id, claim.getMetadata().getName()));
    }

    @Override
    public void close() {
        informer.close();
    }

    private final class Listener implements ResourceEventHandler<NodeClaim> {

        @Override
        public void onAdd(NodeClaim claim) {
            remember(claim);
        }

        /** Only what may end a wait is worth a signal. */
        @Override
        public void onUpdate(NodeClaim before, NodeClaim now) {
            remember(now);
            if (ready(before) != ready(now) || before.isMarkedForDeletion() != now.isMarkedForDeletion()) {
                tell(now);
            }
        }

        @Override
        public void onDelete(NodeClaim claim, boolean stateUnknown) {
            remember(claim);
            tell(claim);
        }

        private static boolean ready(NodeClaim claim) {
            return Optional.ofNullable(claim.getStatus())
                    .filter(NodeClaimStatus::ready)
                    .map(Objects::nonNull)
                    .orElse(false);
        }
    }
}
