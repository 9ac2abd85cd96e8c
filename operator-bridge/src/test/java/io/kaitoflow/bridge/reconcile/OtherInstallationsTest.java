package io.kaitoflow.bridge.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class OtherInstallationsTest {

    private static final Installation OURS =
            new Installation("ours", "control", "blue", new WatchedNamespaces(Set.of("team-a", "team-b")));

    @SuppressWarnings("NullAway.Init") // the extension sets it
    private KubernetesClient client;

    private long now = Duration.ofDays(1).toNanos();

    @SuppressWarnings("NullAway.Init") // set before each test
    private OtherInstallations others;

    @BeforeEach
    void look() {
        others = new OtherInstallations(client, OURS, other -> true, () -> now);
    }

    @Test
    void whoTakesTheSameWorkspacesIsInTheWay() {
        lease("theirs", annotated("red", "team-b,team-c"));

        assertThat(others.sharing().orElseThrow().namespace()).isEqualTo("theirs");
        assertThat(others.inTheWay())
                .hasValue(
                        "An installation in namespace theirs is at work on Workspaces of team-b, team-c, and this one "
                                + "would take those of team-a, team-b. Give each its own namespaces in watchNamespaces, or "
                                + "uninstall one of them.");
    }

    @Test
    void whatAnybodyMayHaveWrittenIsNot() {
        lease("theirs", annotated("red", ""));
        lease("earlier-release", Map.of());
        lease("somebody", Map.of("kaito.sh/service-account", "a", "kaito.sh/watch-namespaces", "Team A"));

        OtherInstallations suspicious = new OtherInstallations(client, OURS, other -> false, () -> now);

        assertThat(suspicious.inTheWay()).isEmpty();
        assertThat(others.inTheWay().orElseThrow())
                .contains("namespace theirs is at work on Workspaces of all namespaces");
    }

    @Test
    void whoHasTheSameNameIsInTheWay() {
        lease("theirs", annotated("blue", "team-c"));

        assertThat(others.sharing()).isEmpty();
        assertThat(others.inTheWay())
                .hasValue(
                        "An installation in namespace theirs is at work under the name blue, and each would give back "
                                + "the other's machines. Give each its own nodes.installation.");
    }

    @Test
    void whoHasOtherNamespacesAndAnotherNameIsNot() {
        lease("theirs", annotated("red", "team-c"));

        assertThat(others.inTheWay()).isEmpty();
    }

    @Test
    void ourOwnLeaseIsNot() {
        lease("ours", OURS.annotations());

        assertThat(others.inTheWay()).isEmpty();
    }

    @Test
    void aLeaseThatIsRenewedNoMoreIsWaitedOut() {
        lease("theirs", annotated("red", ""));
        assertThat(others.inTheWay()).isPresent();

        now += Duration.ofSeconds(14).toNanos();
        assertThat(others.inTheWay()).isPresent();
        now += Duration.ofSeconds(2).toNanos();

        assertThat(others.inTheWay()).isEmpty();
    }

    @Test
    void aLeaseThatIsRenewedStaysInTheWay() {
        lease("theirs", annotated("red", ""));
        assertThat(others.inTheWay()).isPresent();

        now += Duration.ofSeconds(16).toNanos();
        client.leases().inNamespace("theirs").withName("kaitoflow-control").edit(lease -> {
            lease.getSpec().setRenewTime(ZonedDateTime.now());
            return lease;
        });

        assertThat(others.inTheWay()).isPresent();
    }

    @Test
    void aLeaseThatNobodyHoldsIsNot() {
        lease("theirs", annotated("red", ""));
        client.leases().inNamespace("theirs").withName("kaitoflow-control").edit(lease -> {
            lease.getSpec().setHolderIdentity(null);
            return lease;
        });

        assertThat(others.inTheWay()).isEmpty();
    }

    @Test
    void ofTwoThatBeganAtOnceOneGoesOn() {
        lease("ours", OURS.annotations());
        lease("theirs", annotated("red", ""));
        Installation theirs = new Installation("theirs", "control", "red", WatchedNamespaces.all());

        assertThat(others.elder().isPresent())
                .isNotEqualTo(new OtherInstallations(client, theirs, other -> true, () -> now)
                        .elder()
                        .isPresent());
    }

    private static Map<String, String> annotated(String name, String namespaces) {
        return new Installation("theirs", "control", name, WatchedNamespaces.parse(namespaces)).annotations();
    }

    private void lease(String namespace, Map<String, String> annotations) {
        client.resource(new LeaseBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("kaitoflow-control")
                        .withAnnotations(annotations)
                        .endMetadata()
                        .withNewSpec()
                        .withHolderIdentity("somebody")
                        .endSpec()
                        .build())
                .create();
    }
}
