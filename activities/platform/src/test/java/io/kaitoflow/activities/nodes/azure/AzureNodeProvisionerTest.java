package io.kaitoflow.activities.nodes.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaitoflow.activities.nodes.MovedClock;
import io.kaitoflow.activities.nodes.NodeException;
import io.kaitoflow.activities.nodes.NodeProvisioner;
import io.kaitoflow.activities.nodes.NodeProvisionerContract;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.request.NodeTerms;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real SDK against a fake of Azure Resource Manager. */
class AzureNodeProvisionerTest extends NodeProvisionerContract {

    private static final AzureSettings SETTINGS = new AzureSettings(
            FakeArm.CLUSTER,
            new AzureIdentity.Workload("tenant", "client", Path.of("token")),
            "test",
            ByteSize.ofGibibytes(200),
            false,
            true,
            Optional.empty());

    private FakeArm arm = FakeArm.start();
    private List<String> ready = List.of();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private NodeProvisioner provisioner = restarted();

    @BeforeEach
    void nobodyIsReady() {
        ready = List.of();
    }

    @AfterEach
    void close() {
        arm.close();
    }

    @Override
    protected NodeProvisioner provisioner() {
        return provisioner;
    }

    /** A process that remembers nothing. */
    private NodeProvisioner restarted() {
        return provisioner(SETTINGS, new MovedClock(() -> now));
    }

    private NodeProvisioner provisioner(AzureSettings settings, Clock clock) {
        return new AzureNodeProvisioner(
                new AgentPools(arm.client(), settings.cluster(), clock),
                new PoolManifest(settings),
                (labels, kind) -> ready,
                () -> {});
    }

    @Test
    void asksForExactlyThePlannedMachine() {
        NodeLease lease = provisioner.claim(gpu(true, Optional.of("2")));

        ObjectNode asked = (ObjectNode) arm.pool(lease.name()).get("properties");
        assertThat(lease.name()).matches("ws[0-9a-f]{9}");
        assertThat(asked.path("vmSize").asText()).isEqualTo("Standard_NC24ads_A100_v4");
        assertThat(asked.path("count").asInt()).isEqualTo(1);
        assertThat(asked.path("mode").asText()).isEqualTo("User");
        assertThat(asked.path("osType").asText()).isEqualTo("Linux");
        assertThat(asked.path("osDiskSizeGB").asInt()).isEqualTo(200);
        assertThat(asked.path("osDiskType").asText()).isEqualTo("Managed");
        assertThat(asked.path("gpuProfile").path("driver").asText()).isEqualTo("Install");
        assertThat(asked.path("scaleSetPriority").asText()).isEqualTo("Spot");
        assertThat(asked.path("scaleSetEvictionPolicy").asText()).isEqualTo("Delete");
        assertThat(asked.path("spotMaxPrice").asInt()).isEqualTo(-1);
        assertThat(asked.path("availabilityZones").toString()).isEqualTo("[\"2\"]");
        assertThat(asked.path("nodeTaints").toString()).isEqualTo("[\"sku=gpu:NoSchedule\"]");
        assertThat(asked.path("nodeLabels").path("kaito.sh/workspace").asText()).isEqualTo("workspace-a");
        assertThat(asked.path("nodeLabels").path("app").asText()).isEqualTo("test");
    }

    @Test
    void nodesHaveTheOperatingSystemThatWasAskedFor() {
        NodeLease lease = provisioner.claim(with(new NodeTerms(Optional.empty(), Optional.of("azurelinux")), gpu()));

        assertThat(arm.pool(lease.name()).path("properties").path("osSKU").asText())
                .isEqualTo("AzureLinux");
    }

    @Test
    void aMachineIsReadyWhenPoolAndNodeAre() {
        NodeLease lease = provisioner.claim(gpu());
        assertThat(lease.ready()).isFalse();
        ready = List.of("aks-ws-0");
        assertThat(provisioner.observe(gpu()).ready()).isFalse();

        arm.succeed(lease.name());

        assertThat(provisioner.observe(gpu()).nodes()).containsExactly("aks-ws-0");
        ready = List.of();
        assertThat(provisioner.observe(gpu()).ready()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "AllocationFailed, CAPACITY_MISSING",
        "ZonalAllocationFailed, CAPACITY_MISSING",
        "OverconstrainedAllocationRequest, CAPACITY_MISSING",
        "OverconstrainedZonalAllocationRequest, CAPACITY_MISSING",
        "SkuNotAvailable, CAPACITY_MISSING",
        "ErrCode_InsufficientVCPUQuota, QUOTA_EXCEEDED",
        "QuotaExceeded, QUOTA_EXCEEDED",
        "VMSizeNotSupported, SKU_UNAVAILABLE",
        "AuthorizationFailed, PROVIDER_DENIED"
    })
    void everyCodeIsUnderstoodInEveryForm(String code, FailureKind kind) {
        for (String body : forms(code)) {
            arm.refuse("PUT", 400, body);
            assertRefusal(kind, code, body, () -> provisioner.claim(gpu()));
        }
        for (String error : reasons(code)) {
            for (boolean kept : List.of(true, false)) {
                String name = provisioner.claim(gpu()).name();
                arm.fail(name, error, kept);
                assertRefusal(kind, code, error, () -> provisioner.observe(gpu()));
                assertThat(provisioner.release(gpu())).isTrue();
            }
        }
    }

    private static void assertRefusal(FailureKind kind, String code, String body, Runnable call) {
        NodeException refusal = catchThrowableOfType(NodeException.class, call::run);
        assertThat(refusal.kind()).as(body).isEqualTo(kind);
        assertThat(refusal).hasMessageContaining(code).hasMessageContaining("It is so because of " + code);
    }

    /** The bodies of immediate answers. */
    private static List<String> forms(String code) {
        return reasons(code).stream()
                .flatMap(error -> List.of(error, "{\"error\":" + error + "}").stream())
                .toList();
    }

    /** Flat, in details, in an error inside a message, and two deep. */
    private static List<String> reasons(String code) {
        String flat = "{\"code\":\"%s\",\"message\":\"It is so because of %s.\"}".formatted(code, code);
        String details = """
                {"code":"ResourceOperationFailure","message":"The operation failed.","details":[%s]}""".formatted(flat);
        return List.of(flat, details, """
                {"code":"InvalidTemplateDeployment","message":"It failed.","details":[%s]}""".formatted(details), """
                {"code":"ReconcileVMSSAgentPoolFailed","message":"VMSS failed: {\\"error\\":%s}"}""".formatted(flat.replace("\"", "\\\"")));
    }

    @Test
    void anOperationThatIsNotAllowedForWantOfQuotaIsAboutQuota() {
        arm.refuse("PUT", 409, """
                {"error":{"code":"OperationNotAllowed","message":"Operation could not be completed as it results in exceeding approved standardNCADSA100v4Family Cores quota."}}""");

        assertThatThrownBy(() -> provisioner.claim(gpu())).isInstanceOf(NodeException.QuotaExceeded.class);
    }

    @ParameterizedTest
    @CsvSource({"409, OperationNotAllowed", "409, Conflict", "429, TooManyRequests"})
    void whoIsToldToComeBackLaterDoesNotComeSooner(int status, String code) {
        arm.refuse(
                "PUT",
                status,
                "{\"error\":{\"code\":\"" + code + "\",\"message\":\"Another operation is in progress.\"}}",
                Map.of("Retry-After", "40"));

        NodeException.Unanswered busy =
                catchThrowableOfType(NodeException.Unanswered.class, () -> provisioner.claim(gpu()));
        assertThat(busy.retryAfter()).contains(Duration.ofSeconds(40));
        int asked = arm.requests().size();

        now = now.plusSeconds(39);
        assertThatThrownBy(() -> provisioner.claim(request("b"))).isInstanceOf(NodeException.Unanswered.class);
        assertThat(arm.requests()).hasSize(asked);

        now = now.plusSeconds(1);
        assertThat(provisioner.claim(gpu()).name()).isIn(arm.pools());
    }

    @Test
    void aRequestThatWasDoneAlthoughNobodyHeardIsFoundAgain() {
        arm.cutAfter("PUT");
        assertThatThrownBy(() -> provisioner.claim(gpu())).isInstanceOf(NodeException.Unanswered.class);

        String name = restarted().claim(gpu()).name();

        assertThat(arm.made()).containsExactly(name);
        assertThat(restarted().held(gpu().id())).containsExactly(gpu());
    }

    @Test
    void aRequestThatWasLostIsMadeAgain() {
        arm.cutBefore("PUT");
        assertThatThrownBy(() -> provisioner.claim(gpu())).isInstanceOf(NodeException.Unanswered.class);
        assertThat(arm.pools()).isEmpty();

        assertThat(provisioner.claim(gpu()).name()).isIn(arm.pools());
    }

    @Test
    void aHalfMadePoolIsFinishedOrRemovedByAProcessThatRemembersNothing() {
        String name = provisioner.claim(gpu()).name();
        assertThat(restarted().claim(gpu()).name()).isEqualTo(name);
        arm.succeed(name);
        ready = List.of("aks-ws-0");
        assertThat(restarted().observe(gpu()).ready()).isTrue();

        arm.deleteSlowly();
        assertThat(restarted().release(gpu())).isFalse();
        assertThat(restarted().left(gpu())).isEqualTo("Agent pool " + name + " is Deleting");
        assertThat(restarted().held(gpu().id())).isEmpty();
        assertThatThrownBy(() -> restarted().claim(gpu())).hasMessageContaining("still being deleted");
        assertThatThrownBy(() -> restarted().observe(gpu())).isInstanceOf(NodeException.Vanished.class);
        arm.finishDeletions();
        assertThat(restarted().release(gpu())).isTrue();
    }

    @Test
    void aDeletionWhoseAnswerWasLostIsNotLost() {
        provisioner.claim(gpu());
        arm.cutAfter("DELETE");

        assertThatThrownBy(() -> provisioner.release(gpu())).isInstanceOf(NodeException.Unanswered.class);

        assertThat(provisioner.release(gpu())).isTrue();
        assertThat(arm.pools()).isEmpty();
    }

    @Test
    void aPoolOfSomebodyElseIsNeitherTakenNorDeleted() {
        NodeRequest other = request("b");
        String name = provisioner.claim(gpu()).name();
        NodeProvisioner stranger = provisioner(
                new AzureSettings(
                        FakeArm.CLUSTER,
                        SETTINGS.identity(),
                        "another",
                        ByteSize.ofGibibytes(200),
                        false,
                        true,
                        Optional.empty()),
                Clock.systemUTC());

        assertThat(stranger.all()).isEmpty();
        assertThat(stranger.release(other)).isTrue();
        assertThat(arm.pools()).containsExactly(name);
    }

    @Test
    void aRunIsToldWhenItsPoolIsMadeCannotBeMadeOrIsGone() {
        List<String> told = new CopyOnWriteArrayList<>();
        try (AzureMachines machines = AzureMachines.of(
                arm.client(),
                SETTINGS,
                (labels, kind) -> ready,
                (id, name) -> told.add(id.uid() + " " + name + " " + arm.pools().contains(name)),
                Duration.ofMillis(50))) {
            String made = machines.provisioner().claim(gpu()).name();
            String refused = machines.provisioner().claim(request("b")).name();
            await().untilAsserted(() -> assertThat(told).hasSize(2));

            arm.succeed(made);
            arm.fail(refused, "{\"code\":\"QuotaExceeded\",\"message\":\"No.\"}", true);
            await().untilAsserted(() -> assertThat(told).hasSize(4));

            machines.provisioner().release(gpu());
            await().untilAsserted(() ->
                    assertThat(told).contains("a " + made + " true", "b " + refused + " true", "a " + made + " false"));
        }
    }

    @Test
    void aClusterThatIsNotThereIsNoPoolThatIsGone() {
        arm.refuse("GET", 404, """
                {"error":{"code":"ResourceGroupNotFound","message":"Resource group 'group' could not be found."}}""");

        assertThatThrownBy(() -> provisioner.release(gpu()))
                .isInstanceOf(NodeException.Refused.class)
                .hasMessageContaining("written right");
    }

    private static NodeRequest gpu() {
        return gpu(false, Optional.empty());
    }

    private static NodeRequest gpu(boolean spot, Optional<String> zone) {
        NodeRequest plain = request("a");
        MachineOption option =
                new MachineOption("Standard_NC24ads_A100_v4", 1, ByteSize.ofGibibytes(80), Optional.empty(), spot);
        return new NodeRequest(plain.id(), zone.map(option::in).orElse(option), plain.machines(), plain.number());
    }
}
