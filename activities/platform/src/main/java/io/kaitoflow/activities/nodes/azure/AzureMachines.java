package io.kaitoflow.activities.nodes.azure;

import com.azure.resourcemanager.containerservice.fluent.AgentPoolsClient;
import io.kaitoflow.activities.nodes.NodeProvisioner;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/** Agent pools, and the look-out for what becomes of them. */
public final class AzureMachines implements AutoCloseable {

    /** What is refused is known within seconds, and costs Azure one request for all workspaces together. */
    private static final Duration LOOK = Duration.ofSeconds(4);

    private final PoolWatch watch;
    private final AzureNodeProvisioner provisioner;

    private AzureMachines(PoolWatch watch, AzureNodeProvisioner provisioner) {
        this.watch = watch;
        this.provisioner = provisioner;
    }

    /**
     * @param readyNodes names the nodes with the labels that can take work
     * @param observer is told whose pool changed, and its name; it may take a call's time
     */
    public static AzureMachines open(
            AzureSettings settings,
            BiFunction<Map<String, String>, MachineOption, List<String>> readyNodes,
            BiConsumer<WorkspaceId, String> observer,
            Clock clock) {
        return of(
                new AgentPools(AzureConnection.open(settings), settings.cluster(), clock),
                settings,
                readyNodes,
                observer,
                LOOK);
    }

    static AzureMachines of(
            AgentPoolsClient client,
            AzureSettings settings,
            BiFunction<Map<String, String>, MachineOption, List<String>> readyNodes,
            BiConsumer<WorkspaceId, String> observer,
            Duration look) {
        return of(new AgentPools(client, settings.cluster(), Clock.systemUTC()), settings, readyNodes, observer, look);
    }

    private static AzureMachines of(
            AgentPools pools,
            AzureSettings settings,
            BiFunction<Map<String, String>, MachineOption, List<String>> readyNodes,
            BiConsumer<WorkspaceId, String> observer,
            Duration look) {
        PoolManifest manifest = new PoolManifest(settings);
        PoolWatch watch = new PoolWatch(pools, manifest, observer);
        watch.start(look);
        return new AzureMachines(watch, new AzureNodeProvisioner(pools, manifest, readyNodes, watch::expect));
    }

    public NodeProvisioner provisioner() {
        return provisioner;
    }

    @Override
    public void close() {
        watch.close();
    }
}
