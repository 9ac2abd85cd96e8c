package io.kaitoflow.activities.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.kaitoflow.activities.rollout.Rollout;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.activities.rollout.cluster.access.TunerAccess;
import io.kaitoflow.testcluster.ApiServer;
import io.kaitoflow.testcluster.WithApiServer;
import io.kaitoflow.workflows.plan.WorkspacePlan;
import io.kaitoflow.workflows.preflight.PreflightActivities;
import io.kaitoflow.workflows.request.ComputeType;
import io.kaitoflow.workflows.request.MachineRequest;
import io.kaitoflow.workflows.request.Terms;
import io.kaitoflow.workflows.request.WorkspaceGoal;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.rollout.RolloutActivities.RollInput;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pods that their owners wrote, on a real API server; controllers and kubelet are played. */
@ExtendWith(WithApiServer.class)
class TemplateIT {

    private static final String POD = """
            {"metadata": {"labels": {"app": "mine", "kaito.sh/role": "tuner"}},
             "spec": {
               "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
                 {"matchExpressions": [{"key": "disk", "operator": "In", "values": ["fast"]}]}]}}},
               "containers": [{
                 "name": "mine", "image": "registry.example/mine:%s",
                 "ports": [{"name": "http", "containerPort": 8000}],
                 "securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]},
                   "runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}}}]}}
            """;

    private final Stage stage;

    TemplateIT(ApiServer server) {
        this.stage = Stage.on(server);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private Rollout rollout() {
        return Stage.rollout(stage.client(), Stage.BRISK);
    }

    private RollInput input(String template) {
        RollInput usual = stage.serving();
        return new RollInput(
                usual.id(),
                usual.lease(),
                usual.preset(),
                usual.adapters(),
                usual.modelSecret(),
                usual.memory(),
                usual.limits(),
                usual.terms(),
                Optional.of(template),
                Optional.empty());
    }

    private void trial(String template) {
        RollInput usual = stage.serving();
        WorkspaceRequest request = new WorkspaceRequest(
                stage.id(),
                new WorkspaceGoal.ServeTemplate(template),
                new MachineRequest(List.of(), 1, Map.of(), List.of(), false),
                Terms.none());
        WorkspacePlan plan = new WorkspacePlan(
                usual.preset(),
                List.of(usual.lease().option()),
                usual.memory(),
                usual.memory(),
                ComputeType.BF16,
                List.of());
        new ClusterRollout(stage.client(), Stage.settings(), TunerAccess.open())
                .check(new PreflightActivities.Input(request, plan));
    }

    private Pod pod() {
        return stage.pod("server").orElseThrow();
    }

    @Test
    void itRunsAsItWasWrittenOnTheLeasedNodeBehindTheService() {
        rollout().roll(input(POD.formatted("1")), () -> {});

        assertThat(pod().getSpec().getContainers()).singleElement().satisfies(container -> {
            assertThat(container.getImage()).isEqualTo("registry.example/mine:1");
            assertThat(container.getEnv()).isEmpty();
        });
        assertThat(pod().getMetadata().getLabels())
                .containsEntry("app", "mine")
                .containsEntry("kaito.sh/workspace", "w")
                .containsEntry("kaito.sh/role", "server");
        assertThat(stage.client()
                        .services()
                        .inNamespace(stage.id().namespace())
                        .withName("w")
                        .get()
                        .getSpec()
                        .getPorts())
                .extracting(port -> port.getPort() + "->" + port.getTargetPort().getValue())
                .containsExactly("80->8000", "29500->29500");
    }

    @Test
    void whereItMayRunIsNarrowedToTheLeasedNodeAndNotWidened() {
        rollout().roll(input(POD.formatted("1")), () -> {});

        assertThat(pod().getSpec()
                        .getAffinity()
                        .getNodeAffinity()
                        .getRequiredDuringSchedulingIgnoredDuringExecution()
                        .getNodeSelectorTerms())
                .singleElement()
                .satisfies(term -> {
                    assertThat(term.getMatchExpressions()).extracting("key").containsExactly("disk");
                    assertThat(term.getMatchFields()).extracting("values").containsExactly(List.of("node-a"));
                });
    }

    @Test
    void theSameAgainKeepsThePodAndAnotherReplacesIt() {
        rollout().roll(input(POD.formatted("1")), () -> {});
        Optional<String> first = stage.uid("server");

        rollout().roll(input(POD.formatted("1")), () -> {});
        assertThat(stage.uid("server")).isEqualTo(first);

        rollout().roll(input(POD.formatted("2")), () -> {});
        assertThat(stage.uid("server")).isPresent().isNotEqualTo(first);
    }

    @Test
    void itsTroubleIsToldAndWhatServedBeforeServesAgain() {
        rollout().roll(input(POD.formatted("1")), () -> {});
        stage.cluster()
                .fate(pod -> Optional.of(
                        pod.getSpec().getContainers().getFirst().getImage().endsWith(":1")
                                ? Fates.ready(pod)
                                : Fates.crashing(pod)));

        assertThat(rollout().roll(input(POD.formatted("2")), () -> {}).remark().orElseThrow())
                .contains("ended with exit code 3")
                .contains("What served before serves again");
        assertThat(pod().getSpec().getContainers().getFirst().getImage()).isEqualTo("registry.example/mine:1");
    }

    @Test
    void oneThatCannotBeIsRefusedInTheApiServersWordsBeforeAnythingIsMade() {
        trial(POD.formatted("1"));
        assertThatThrownBy(() -> trial("{\"spec\":{\"containers\":[{\"name\":\"Mine\"}]}}"))
                .isInstanceOf(RolloutException.Refused.class)
                .hasMessageContaining("spec.template.spec.containers[0].name")
                .hasMessageContaining("spec.template.spec.containers[0].image");

        assertThat(stage.client()
                        .apps()
                        .deployments()
                        .inNamespace(stage.id().namespace())
                        .list()
                        .getItems())
                .isEmpty();
    }
}
