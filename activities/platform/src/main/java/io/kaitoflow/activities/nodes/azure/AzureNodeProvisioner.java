package io.kaitoflow.activities.nodes.azure;

import com.azure.core.management.polling.PollResult;
import com.azure.core.util.polling.SyncPoller;
import com.azure.resourcemanager.containerservice.fluent.models.AgentPoolInner;
import com.azure.resourcemanager.containerservice.models.AgentPoolStatus;
import io.kaitoflow.activities.nodes.ClaimLabels;
import io.kaitoflow.activities.nodes.NodeException;
import io.kaitoflow.activities.nodes.NodeProvisioner;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * One AKS agent pool a lease. The pool itself says how far it has come: what an operation answers is kept for as long as this
 * process lives, as evidence, and never needed. A pool that failed stays until it is released.
 */
public final class AzureNodeProvisioner implements NodeProvisioner {

    private static final String SUCCEEDED = "Succeeded";
    private static final String FAILED = "Failed";
    private static final String CANCELED = "Canceled";
    private static final String DELETING = "Deleting";

    private final AgentPools pools;
    private final PoolManifest manifest;
    private final BiFunction<Map<String, String>, MachineOption, List<String>> readyNodes;
    private final Runnable setOff;
    private final Operations operations = new Operations();

    /**
     * @param readyNodes names those with the labels that can take work
     * @param setOff is told when a pool is to change
     */
    AzureNodeProvisioner(
            AgentPools pools,
            PoolManifest manifest,
            BiFunction<Map<String, String>, MachineOption, List<String>> readyNodes,
            Runnable setOff) {
        this.pools = pools;
        this.manifest = manifest;
        this.readyNodes = readyNodes;
        this.setOff = setOff;
    }

    @Override
    public NodeLease claim(NodeRequest request) {
        String name = PoolManifest.name(request);
        Optional<AgentPoolInner> found = pools.find(name);
        if (found.filter(pool -> is(DELETING, pool)).isPresent()) {
            throw new NodeException.Unanswered(
                    "Agent pool " + name + " is still being deleted; it is made again then.");
        }
        return found.isPresent() ? lease(request, found.get()) : made(request, name);
    }

    @Override
    public NodeLease observe(NodeRequest request) {
        String name = PoolManifest.name(request);
        return pools.find(name)
                .filter(pool -> !is(DELETING, pool))
                .map(pool -> lease(request, pool))
                .orElseThrow(() -> new NodeException.Vanished("Agent pool " + name + " for a "
                        + request.option().instanceType() + " is gone although nobody of ours deleted it."));
    }

    @Override
    public List<NodeRequest> held(WorkspaceId id) {
        return all().stream()
                .filter(request -> request.id().uid().equals(id.uid()))
                .toList();
    }

    @Override
    public List<NodeRequest> all() {
        return pools.all().stream()
                .filter(manifest::ofInstallation)
                .filter(pool -> !is(DELETING, pool))
                .flatMap(pool -> PoolManifest.request(pool).stream())
                .toList();
    }

    @Override
    public boolean release(NodeRequest request) {
        String name = PoolManifest.name(request);
        Optional<AgentPoolInner> found = pools.find(name).filter(pool -> isOf(request, pool));
        if (found.isEmpty()) {
            operations.forget(name);
            return true;
        }
        if (!is(DELETING, found.get())) {
            pools.remove(name);
            setOff.run();
        }
        return pools.find(name).isEmpty();
    }

    @Override
    public String left(NodeRequest request) {
        String name = PoolManifest.name(request);
        return pools.find(name)
                .map(pool -> "Agent pool " + name + " is " + pool.provisioningState())
                .orElse("");
    }

    private NodeLease made(NodeRequest request, String name) {
        Optional<SyncPoller<PollResult<AgentPoolInner>, AgentPoolInner>> operation =
                pools.make(name, manifest.pool(request));
        if (operation.isEmpty()) {
            // Another call of the same claim was faster.
            return observe(request);
        }
        operations.remember(name, operation.get());
        setOff.run();
        return new NodeLease(name, request.option(), List.of(), false);
    }

    private NodeLease lease(NodeRequest request, AgentPoolInner pool) {
        String name = PoolManifest.name(request);
        if (!isOf(request, pool)) {
            throw new NodeException.Refused(
                    "Agent pool " + name + " belongs to somebody else; delete it if nobody does.");
        }
        if (is(FAILED, pool) || is(CANCELED, pool)) {
            throw failed(request, pool).refusal();
        }
        List<String> nodes =
                is(SUCCEEDED, pool) ? readyNodes.apply(Map.of(PoolManifest.CLAIM, name), request.option()) : List.of();
        boolean ready = nodes.size() >= request.machines().count();
        return new NodeLease(name, request.option(), ready ? nodes : List.of(), ready);
    }

    /** The pool keeps the reason; where it does not, the operation that made it may be remembered. */
    private AzureAnswer failed(NodeRequest request, AgentPoolInner pool) {
        String name = PoolManifest.name(request);
        List<AzureError> said = AzureError.all(Optional.ofNullable(pool.status())
                .map(AgentPoolStatus::provisioningError)
                .orElse(null));
        return new AzureAnswer(
                "Agent pool " + name + " of " + request.option().instanceType() + " is " + pool.provisioningState()
                        + ": making it",
                0,
                said.isEmpty() ? operations.errors(name) : said,
                Optional.empty());
    }

    private static boolean is(String state, AgentPoolInner pool) {
        return state.equals(Objects.requireNonNullElse(pool.provisioningState(), ""));
    }

    private static boolean isOf(NodeRequest request, AgentPoolInner pool) {
        return ClaimLabels.owns(request.id(), pool.nodeLabels());
    }
}
