package io.kaitoflow.bridge.reconcile;

import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.translate.ObservedWorkspace;
import io.kaitoflow.bridge.translate.ReferencedObjects;

/**
 * Lets through what changes the wish. A generation would not do: annotations do not raise it, and it says nothing of our own
 * status writes, which must not wake us.
 */
record WishFilter(BridgeTimes times) implements OnUpdateFilter<Workspace> {

    @Override
    public boolean accept(Workspace now, Workspace before) {
        boolean news = !now.getMetadata().getUid().equals(before.getMetadata().getUid())
                || now.hasFinalizer(Finalizer.NAME) != before.hasFinalizer(Finalizer.NAME)
                || !wish(now).equals(wish(before));
        if (news) {
            times.noticed(now.getMetadata().getUid());
        }
        return news;
    }

    private static String wish(Workspace workspace) {
        return new ObservedWorkspace(workspace, ReferencedObjects.none()).fingerprint();
    }
}
