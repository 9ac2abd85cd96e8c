package io.kaitoflow.worker.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaitoflow.activities.nodes.SweepActivitiesImpl;
import io.kaitoflow.activities.nodes.karpenter.KarpenterNodeProvisioner;
import io.kaitoflow.activities.nodes.karpenter.KarpenterSettings;
import io.kaitoflow.activities.nodes.karpenter.NodeClaim;
import io.kaitoflow.activities.nodes.karpenter.NodeClaims;
import io.kaitoflow.bridge.reconcile.TemporalGateway;
import io.kaitoflow.bridge.reconcile.WatchedNamespaces;
import io.kaitoflow.bridge.reconcile.WorkspaceObjects;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;
import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.request.MachineRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.sweep.SweeperWorkflowImpl;
import io.kaitoflow.workflows.sweep.Sweeping;
import io.kaitoflow.workflows.workspace.TaskQueues;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sweep on a real API server and a real Temporal server, without anybody else who looks after claims. */
class SweeperIT {

    @TempDir
    private Path folder = Path.of("");

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Test
    void ofThreeClaimsOnlyTheOneThatNobodyStandsBehindGoes() throws IOException {
        try (TestCluster cluster = TestCluster.start();
                TemporalConnection connection = TemporalConnection.open(cluster.temporal())) {
            WorkspaceId exists = applied(cluster, "exists");
            WorkspaceId runs = new WorkspaceId("default", "runs", "uid-of-runs");
            WorkspaceId gone = new WorkspaceId("default", "gone", "uid-of-gone");
            TemporalGateway gateway = new TemporalGateway(connection, false);
            gateway.desire(runs, new DesiredState("deleted", 1, Optional.empty(), List.of()));

            KarpenterSettings settings = cluster.settings("sweep").machines().karpenter();
            try (NodeClaims claims = new NodeClaims(cluster.client(), settings.installation(), (id, name) -> {})) {
                var provisioner = new KarpenterNodeProvisioner(cluster.client(), settings, claims);
                List.of(exists, runs, gone).forEach(id -> provisioner.claim(claim(id, 1)));
                WorkerFactory workers = sweeping(
                        connection,
                        new SweepActivitiesImpl(
                                provisioner,
                                new WorkspaceObjects(cluster.client(), WatchedNamespaces.all())::exists,
                                gateway::running,
                                () -> 0));
                try (Sweeper sweeper = new Sweeper(
                        connection,
                        settings.installation(),
                        new Sweeping(Duration.ofSeconds(1), Duration.ofSeconds(1)))) {
                    sweeper.start();
                    await().atMost(PATIENCE)
                            .untilAsserted(() ->
                                    assertThat(owners(cluster)).containsExactlyInAnyOrder(exists.uid(), runs.uid()));
                } finally {
                    workers.shutdownNow();
                }
            }
        }
    }

    @Test
    void whoIsSaidToHaveAMachineThatDoesNotAnswerIsToldToLook() throws IOException {
        try (TestCluster cluster = TestCluster.start()) {
            cluster.ownNode("there", Map.of());
            cluster.ownNode("silent", Map.of());
            cluster.say("silent", "Unknown");
            named(cluster, applied(cluster, "well"), "there");
            WorkspaceId gone = named(cluster, applied(cluster, "gone"), "gone");
            WorkspaceId silent = named(cluster, applied(cluster, "silent"), "silent");
            applied(cluster, "waits");
            Set<WorkspaceId> told = ConcurrentHashMap.newKeySet();

            try (Machines machines = new Machines(
                    cluster.settings("sweep").machines(),
                    cluster.client(),
                    (id, name) -> told.add(id),
                    Clock.systemUTC())) {
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(machines.tellBereft(
                                        new WorkspaceObjects(cluster.client(), WatchedNamespaces.all())
                                                .statuses()
                                                .machines()))
                                .isEqualTo(2));
            }

            assertThat(told).containsExactlyInAnyOrder(gone, silent);
        }
    }

    @Test
    void inWhoseNameMoreIsHeldThanItShouldNeedIsToldToLook() throws IOException {
        try (TestCluster cluster = TestCluster.start()) {
            WorkspaceId well = applied(cluster, "well");
            WorkspaceId twice = applied(cluster, "twice");
            WorkspaceId rests = stands(cluster, applied(cluster, "rests"), "{\"phase\":\"Failed\"}");
            Set<WorkspaceId> told = ConcurrentHashMap.newKeySet();

            try (Machines machines = new Machines(
                    cluster.settings("laden").machines(), cluster.client(), (id, name) -> {}, Clock.systemUTC())) {
                Stream.of(claim(well, 1), claim(twice, 1), claim(twice, 3), claim(rests, 2))
                        .forEach(machines.provisioner()::claim);
            }
            try (Machines machines = new Machines(
                    cluster.settings("laden").machines(),
                    cluster.client(),
                    (id, name) -> told.add(id),
                    Clock.systemUTC())) {
                told.clear();

                assertThat(machines.tellLaden(new WorkspaceObjects(cluster.client(), WatchedNamespaces.all())
                                .statuses()
                                .atRest()))
                        .isEqualTo(2);
            }

            assertThat(told).containsExactlyInAnyOrder(twice, rests);
        }
    }

    private static WorkspaceId named(TestCluster cluster, WorkspaceId id, String node) {
        return stands(cluster, id, "{\"workerNodes\":[\"" + node + "\"]}");
    }

    private static WorkspaceId stands(TestCluster cluster, WorkspaceId id, String status) {
        cluster.server()
                .kubectl()
                .run(
                        "patch",
                        "workspace",
                        id.name(),
                        "--subresource=status",
                        "--type=merge",
                        "--patch={\"status\":" + status + "}")
                .orFail();
        return id;
    }

    private static WorkerFactory sweeping(TemporalConnection connection, SweepActivitiesImpl activities) {
        WorkerFactory workers = WorkerFactory.newInstance(connection.client());
        Worker worker = workers.newWorker(TaskQueues.CONTROL);
        worker.registerWorkflowImplementationTypes(SweeperWorkflowImpl.class);
        worker.registerActivitiesImplementations(activities);
        workers.start();
        return workers;
    }

    private WorkspaceId applied(TestCluster cluster, String name) throws IOException {
        Path manifest = Files.writeString(folder.resolve("workspace.yaml"), """
                apiVersion: kaito.sh/v1beta1
                kind: Workspace
                metadata: {name: %s, namespace: default}
                resource:
                  instanceType: Standard_NC24ads_A100_v4
                  labelSelector: {matchLabels: {apps: phi-4}}
                inference:
                  preset: {name: phi-4-mini-instruct}
                """.formatted(name));
        cluster.server().kubectl().run("apply", "-f", manifest.toString()).orFail();
        return WorkspaceTranslator.idOf(cluster.find("default", name).orElseThrow());
    }

    private static List<String> owners(TestCluster cluster) {
        return cluster.client().resources(NodeClaim.class).list().getItems().stream()
                .map(claim -> claim.getMetadata().getLabels().getOrDefault("kaito.sh/workspace-uid", ""))
                .toList();
    }

    private static NodeRequest claim(WorkspaceId id, int number) {
        return new NodeRequest(
                id,
                new MachineOption("Standard_NC24ads_A100_v4", 1, ByteSize.ofGibibytes(80), Optional.empty(), false),
                new MachineRequest(List.of(), 1, Map.of(), List.of(), false),
                number);
    }
}
