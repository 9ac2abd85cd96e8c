package io.kaitoflow.bridge.reconcile;

import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.translate.ObservedWorkspace;
import io.kaitoflow.bridge.translate.ReferencedObjects;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;

/**
 * Lets through what changes the wish. A generation would not do: annotations do not raise it, and it says nothing of our own
 * status writes, which must not wake us.
 */
record WishFilter(BridgeTimes times) implements OnUpdateFilter<Workspace> {

    /** One that was not known before is news. */
    boolean acceptNew(Workspace now) {
        note(now);
        return true;
    }

    @Override
    public boolean accept(Workspace now, Workspace before) {
        boolean news = !now.getMetadata().getUid().equals(before.getMetadata().getUid())
                || now.hasFinalizer(Finalizer.NAME) != before.hasFinalizer(Finalizer.NAME)
                || !wish(now).equals(wish(before));
        if (news) {
            note(now);
        }
        return news;
    }

    /** An object that goes and does not wait for us may wait for others for ever; nobody looks at it any more. */
    private void note(Workspace now) {
        if (now.isMarkedForDeletion() && !now.hasFinalizer(Finalizer.NAME)) {
            times.settled(WorkspaceTranslator.idOf(now), false);
        } else {
            times.noticed(now.getMetadata().getUid());
        }
    }

    private static String wish(Workspace workspace) {
        return new ObservedWorkspace(workspace, ReferencedObjects.none()).fingerprint();
    }
}
