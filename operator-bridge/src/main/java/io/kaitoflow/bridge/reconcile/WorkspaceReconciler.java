package io.kaitoflow.bridge.reconcile;

import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.translate.ReferencedObjects;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Translates, signals, returns; it never waits. The finalizer goes when the workflow has said that nothing is left. */
final class WorkspaceReconciler implements Reconciler<Workspace>, Cleaner<Workspace> {

    private final WishDelivery delivery;
    private final Departures departures;
    private final WatchedNamespaces watched;
    private final SimpleInboundEventSource<Workspace> nudges = new SimpleInboundEventSource<>("nudges");
    private volatile @Nullable NamedObjectSources named;
    private volatile @Nullable IndexerResourceCache<Workspace> cache;

    WorkspaceReconciler(WishDelivery delivery, Departures departures, WatchedNamespaces watched) {
        this.delivery = delivery;
        this.departures = departures;
        this.watched = watched;
    }

    @Override
    public List<EventSource<?, Workspace>> prepareEventSources(EventSourceContext<Workspace> context) {
        NamedObjectSources sources = new NamedObjectSources(context, watched);
        named = sources;
        cache = context.getPrimaryCache();
        return Stream.concat(sources.sources().stream(), Stream.of(nudges)).toList();
    }

    @Override
    public UpdateControl<Workspace> reconcile(Workspace workspace, Context<Workspace> context) {
        delivery.times().reconciling(() -> delivery.deliver(workspace, references(workspace)));
        new Finalizer(context.getClient()).takeOver(workspace);
        return UpdateControl.noUpdate();
    }

    @Override
    public DeleteControl cleanup(Workspace workspace, Context<Workspace> context) {
        if (departures.mayGo(workspace)) {
            new Finalizer(context.getClient()).takeOff(workspace);
            delivery.times().settled(WorkspaceTranslator.idOf(workspace), false);
        } else {
            delivery.times().reconciling(() -> delivery.deliver(workspace, ReferencedObjects.none()));
        }
        return DeleteControl.noFinalizerRemoval();
    }

    /** Looks at a workspace again although nothing about it changed. */
    void nudge(WorkspaceId workspace) {
        nudges.propagateEvent(new ResourceID(workspace.name(), workspace.namespace()));
    }

    /** All workspaces as this process knows them. */
    Stream<Workspace> known() {
        return Objects.requireNonNull(cache, "The operator is not started").list();
    }

    ReferencedObjects references(Workspace workspace) {
        return Objects.requireNonNull(named, "The operator is not started").of(workspace);
    }
}
