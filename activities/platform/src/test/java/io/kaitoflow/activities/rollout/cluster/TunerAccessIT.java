package io.kaitoflow.activities.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IPBlock;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicySpec;
import io.kaitoflow.activities.rollout.Rollout;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.testcluster.ApiServer;
import io.kaitoflow.testcluster.WithApiServer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a tuner that is not trusted gets, and what it is kept from, on a real API server. */
@ExtendWith(WithApiServer.class)
class TunerAccessIT {

    private static final int HTTPS = 443;

    private final Stage stage;

    TunerAccessIT(ApiServer server) {
        this.stage = Stage.on(server);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void aTunerIsGivenWhatLetsItInBeforeItsPodIsMade() {
        AtomicInteger made = new AtomicInteger();
        Rollout rollout = Stage.guarded(
                stage.client(), id -> Map.of("token", id.uid() + "/" + made.incrementAndGet(), "ca.crt", "authority"));

        rollout.startTuner(stage.attempt(1));
        assertThat(access().getData())
                .containsEntry("token", base64(stage.id().uid() + "/1"))
                .containsEntry("ca.crt", base64("authority"));
        assertThat(access().getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(
                        owner -> assertThat(owner.getUid()).isEqualTo(stage.id().uid()));
        assertThat(stage.pod("tuner").orElseThrow().getSpec().getVolumes())
                .filteredOn(volume -> volume.getSecret() != null)
                .extracting(volume -> volume.getSecret().getSecretName())
                .containsExactly(access().getMetadata().getName());

        rollout.startTuner(stage.attempt(2));
        assertThat(access().getData()).containsEntry("token", base64(stage.id().uid() + "/2"));
    }

    @Test
    void aSecretThatIsSomebodyElsesIsLeftAlone() {
        Rollout rollout = Stage.guarded(stage.client(), id -> Map.of("token", "t"));
        stage.client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("w-tuner-access-" + stage.id().uid().substring(0, 8))
                        .withNamespace(stage.id().namespace())
                        .endMetadata()
                        .addToData("token", base64("mine"))
                        .build())
                .create();

        assertThatThrownBy(() -> rollout.startTuner(stage.attempt(1)))
                .isInstanceOf(RolloutException.Refused.class)
                .hasMessageContaining("somebody else's");
        assertThat(access().getData()).containsEntry("token", base64("mine"));
    }

    private Secret access() {
        return stage.client()
                .secrets()
                .inNamespace(stage.id().namespace())
                .withName("w-tuner-access-" + stage.id().uid().substring(0, 8))
                .get();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aTunerIsKeptFromTheClustersApiAndFromNothingElse() {
        Stage.guarded(stage.client(), id -> Map.of("token", "t")).startTuner(stage.attempt(1));

        NetworkPolicySpec walls = stage.client()
                .network()
                .v1()
                .networkPolicies()
                .inNamespace(stage.id().namespace())
                .withName(access().getMetadata().getName())
                .get()
                .getSpec();
        String api = stage.client()
                        .services()
                        .inNamespace("default")
                        .withName("kubernetes")
                        .get()
                        .getSpec()
                        .getClusterIP()
                + "/32";
        assertThat(walls.getPodSelector().getMatchLabels())
                .containsEntry("kaito.sh/role", "tuner")
                .containsEntry("kaito.sh/workspace-uid", stage.id().uid());
        assertThat(blocks(walls)).anySatisfy(block -> {
            assertThat(block.getCidr()).isEqualTo("0.0.0.0/0");
            assertThat(block.getExcept()).contains(api);
        });
        assertThat(walls.getEgress())
                .filteredOn(rule -> rule.getTo().getFirst().getIpBlock() != null
                        && rule.getTo().getFirst().getIpBlock().getCidr().equals(api))
                .singleElement()
                .satisfies(rule -> assertThat(rule.getPorts())
                        .isNotEmpty()
                        .noneMatch(port -> port.getPort().getIntVal() <= HTTPS && HTTPS <= port.getEndPort()));
    }

    private static List<IPBlock> blocks(NetworkPolicySpec walls) {
        return walls.getEgress().stream()
                .flatMap(rule -> rule.getTo().stream())
                .flatMap(peer -> Stream.ofNullable(peer.getIpBlock()))
                .toList();
    }
}
