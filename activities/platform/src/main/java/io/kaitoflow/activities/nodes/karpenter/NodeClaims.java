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
    private static final int KEPT_COMPLAINTS = 1000;

    private final SharedIndexInformer<NodeClaim> informer;
    private final BiConsumer<WorkspaceId, String> observer;
    private final Map<String, Condition> complaints = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Condition> eldest) {
            return size() > KEPT_COMPLAINTS;
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

    /** What a claim said last of why there is no machine. */
    Optional<Condition> complaint(String name) {
        return Optional.ofNullable(complaints.get(name));
    }

    private void remember(NodeClaim claim) {
        Optional.ofNullable(claim.getStatus())
                .flatMap(NodeClaimStatus::complaint)
                .ifPresent(complaint -> complaints.put(claim.getMetadata().getName(), complaint));
    }

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
