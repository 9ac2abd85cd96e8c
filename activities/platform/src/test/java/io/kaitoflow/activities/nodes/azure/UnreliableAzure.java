package io.kaitoflow.activities.nodes.azure;

import io.kaitoflow.activities.nodes.Mortality;
import io.kaitoflow.activities.nodes.NodeProvisioner;
import io.kaitoflow.activities.nodes.UnreliableProvider;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.request.MachineRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Azure Resource Manager on a bad day. */
public final class UnreliableAzure implements UnreliableProvider {

    private static final AzureSettings SETTINGS = new AzureSettings(
            FakeArm.CLUSTER,
            new AzureIdentity.Workload("tenant", "client", Path.of("token")),
            "faults",
            ByteSize.ofGibibytes(200),
            false,
            true,
            Optional.empty());
    private static final String BUSY = """
            {"error":{"code":"OperationNotAllowed","message":"Another operation is in progress."}}""";
    private static final String NONE_LEFT = """
            {"code":"ReconcileVMSSAgentPoolFailed","message":"Failed.","details":[{"code":"ZonalAllocationFailed","message":"None left."}]}""";

    private final FakeArm arm = FakeArm.start();

    /** Each process begins an hour later, so that whoever was told to wait has waited. */
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    public UnreliableAzure() {
        arm.deleteSlowly();
    }

    @Override
    public NodeProvisioner process(Mortality mortality) {
        now = now.plus(Duration.ofHours(1));
        return new AzureNodeProvisioner(
                new AgentPools(arm.client(mortality), SETTINGS.cluster(), Clock.fixed(now, ZoneOffset.UTC)),
                new PoolManifest(SETTINGS),
                (labels, kind) -> List.of("node"),
                () -> {});
    }

    @Override
    public void misbehave(Random random) {
        String method = List.of("GET", "PUT", "DELETE").get(random.nextInt(3));
        switch (random.nextInt(8)) {
            case 0 -> arm.cutBefore(method);
            case 1, 2 -> arm.cutAfter(method);
            case 3 -> arm.refuse(method, 429, "", Map.of("Retry-After", "5"));
            case 4 -> arm.refuse(method, 409, BUSY, Map.of());
            case 5 -> arm.refuse(method, 503, "", Map.of());
            default -> {}
        }
    }

    @Override
    public void goOn(Random random) {
        List<String> pools = new ArrayList<>(arm.poolsIn("Creating"));
        if (!pools.isEmpty()) {
            String pool = pools.get(random.nextInt(pools.size()));
            if (random.nextInt(3) == 0) {
                arm.fail(pool, NONE_LEFT, random.nextBoolean());
            } else {
                arm.succeed(pool);
            }
        }
        if (random.nextBoolean()) {
            arm.finishDeletions();
        }
    }

    @Override
    public void heal() {
        arm.forgetMishaps();
        arm.finishDeletions();
        arm.deleteAtOnce();
    }

    @Override
    public Set<Integer> claims(WorkspaceId id) {
        return arm.claims(id.uid());
    }

    @Override
    public NodeRequest request(WorkspaceId id, int number) {
        return new NodeRequest(
                id,
                new MachineOption("Standard_NC24ads_A100_v4", 1, ByteSize.ofGibibytes(80), Optional.empty(), false),
                new MachineRequest(List.of(), 1, Map.of("app", "test"), List.of(), false),
                number);
    }

    @Override
    public void close() {
        arm.close();
    }
}
