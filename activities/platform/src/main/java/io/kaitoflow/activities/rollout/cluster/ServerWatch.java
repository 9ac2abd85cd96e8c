package io.kaitoflow.activities.rollout.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.activities.rollout.cluster.trouble.Outages;
import io.kaitoflow.activities.rollout.cluster.trouble.ServerSight;
import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One watch of all servers and their pods: whoever shows a workspace is told when its server is not what it was, and asks what is
 * wrong with it. What passes within moments is not told.
 */
public final class ServerWatch implements AutoCloseable {

    private static final String BY_UID = "uid";

    /** A few probes. */
    private static final Duration MOMENT = Duration.ofSeconds(10);

    private final Consumer<WorkspaceId> changed;
    private final SharedIndexInformer<Deployment> deployments;
    private final SharedIndexInformer<Pod> pods;
    private final Outages outages;
    private final Clock clock;

    /**
     * Returns when everything was read once.
     *
     * @param client stays the caller's
     * @param installation whose servers are watched
     * @param changed is told whose server is to be asked about again; it must not wait
     */
    public ServerWatch(KubernetesClient client, String installation, Consumer<WorkspaceId> changed, Clock clock) {
        this.changed = changed;
        this.clock = clock;
        Map<String, String> servers = PodLabels.selector(Role.SERVER, installation);
        outages = new Outages(MOMENT, changed);
        deployments = begun(
                client.apps().deployments().inAnyNamespace().withLabels(servers).runnableInformer(0));
        pods = begun(client.pods().inAnyNamespace().withLabels(servers).runnableInformer(0));
    }

    private <T extends HasMetadata> SharedIndexInformer<T> begun(SharedIndexInformer<T> informer) {
        informer.addIndexers(Map.of(
                BY_UID,
                object -> PodLabels.owner(object).map(WorkspaceId::uid).stream().toList()));
        informer.addEventHandler(new Listener<>());
        // An old first list may lack a server that is there.
        informer.initialState(Stream.empty());
        informer.run();
        return informer;
    }

    /** What is wrong with a workspace's server, with the evidence; empty while it answers, and for a moment after it stopped. */
    public Optional<Failure> trouble(WorkspaceId id) {
        Optional<ServerSight> sight = ServerSight.of(id, deployment(id), own(pods, id), clock.instant());
        return outages.lasting(id, sight).map(ServerSight::failure);
    }

    private Optional<Deployment> deployment(WorkspaceId id) {
        return own(deployments, id).stream().findFirst();
    }

    private static <T extends HasMetadata> List<T> own(SharedIndexInformer<T> informer, WorkspaceId id) {
        return informer.getIndexer().byIndex(BY_UID, id.uid());
    }

    /** False once a watch ended for good: only a fresh process sees everything again. */
    public boolean healthy() {
        return Stream.of(deployments, pods)
                .noneMatch(watch -> watch.stopped().toCompletableFuture().isCompletedExceptionally());
    }

    @Override
    public void close() {
        pods.close();
        deployments.close();
        outages.close();
    }

    private final class Listener<T extends HasMetadata> implements ResourceEventHandler<T> {

        @Override
        public void onAdd(T object) {
            PodLabels.owner(object).ifPresent(changed);
        }

        @Override
        public void onUpdate(T before, T now) {
            PodLabels.owner(now).ifPresent(changed);
        }

        @Override
        public void onDelete(T object, boolean stateUnknown) {
            PodLabels.owner(object).ifPresent(changed);
        }
    }
}
