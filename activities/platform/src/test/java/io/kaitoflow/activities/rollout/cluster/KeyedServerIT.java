package io.kaitoflow.activities.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.kaitoflow.activities.rollout.Rollout;
import io.kaitoflow.testcluster.ApiServer;
import io.kaitoflow.testcluster.WithApiServer;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.ServingTerms;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.rollout.RolloutActivities.RollInput;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who asks for keys, and from where it is reached meanwhile, on a real API server. */
@ExtendWith(WithApiServer.class)
class KeyedServerIT {

    private static final String KEYS = "team-keys";

    private final Stage stage;
    private final Rollout rollout;

    KeyedServerIT(ApiServer server) {
        this.stage = Stage.on(server);
        this.rollout = Stage.rollout(stage.client(), Stage.BRISK);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void aServerIsReachedFromOutsideOnceTheOneThatAsksForKeysAnswers() {
        rollout.roll(stage.serving(), () -> {});
        List<String> meanwhile = new CopyOnWriteArrayList<>();

        rollout.roll(open(), () -> meanwhile.add(reach()));

        assertThat(meanwhile).isNotEmpty().doesNotContain("LoadBalancer");
        assertThat(reach()).isEqualTo("LoadBalancer");
        assertThat(stage.pod("server")).get().matches(KeyedServerIT::asks);
    }

    @Test
    void whereItDoesNotComeUpNobodyOutsideReachesTheOneThatDoesNotAsk() {
        rollout.roll(stage.serving(), () -> {});
        crash(KeyedServerIT::asks);

        Endpoint endpoint = rollout.roll(open(), () -> {});

        assertThat(endpoint.remark()).isPresent();
        assertThat(reach()).isEqualTo("ClusterIP");
    }

    @Test
    void whatIsNotToBeReachedFromOutsideAnyMoreStaysSoThoughTheNextServerDoesNotComeUp() {
        rollout.roll(open(), () -> {});
        crash(pod -> !asks(pod));

        Endpoint endpoint = rollout.roll(stage.serving(), () -> {});

        assertThat(endpoint.remark()).isPresent();
        assertThat(reach()).isEqualTo("ClusterIP");
        assertThat(stage.pod("server")).get().matches(KeyedServerIT::asks);
    }

    @Test
    void theControlPlaneFindsAKeyForItsOwnQuestions() {
        assertThat(rollout.key(open())).isEmpty();

        stage.client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(KEYS)
                        .withNamespace(stage.id().namespace())
                        .endMetadata()
                        .addToStringData("ann", "sesame\n")
                        .build())
                .create();

        assertThat(rollout.key(open())).contains("sesame");
        assertThat(rollout.key(stage.serving())).isEmpty();
    }

    private void crash(Predicate<Pod> which) {
        stage.cluster().fate(pod -> Optional.of(fate(pod, which.test(pod))));
    }

    private static PodStatus fate(Pod pod, boolean crashes) {
        return crashes ? Fates.crashing(pod) : Fates.ready(pod);
    }

    private static boolean asks(Pod pod) {
        return pod.getSpec().getVolumes().stream()
                .anyMatch(volume -> volume.getSecret() != null
                        && KEYS.equals(volume.getSecret().getSecretName()));
    }

    private String reach() {
        return stage.client()
                .services()
                .inNamespace(stage.id().namespace())
                .withName("w")
                .get()
                .getSpec()
                .getType();
    }

    private RollInput open() {
        RollInput plain = stage.serving();
        return new RollInput(
                plain.id(),
                plain.lease(),
                plain.preset(),
                plain.adapters(),
                plain.modelSecret(),
                plain.memory(),
                plain.limits(),
                new ServingTerms(true, true, Optional.empty(), false, Optional.of(new SecretReference(KEYS))),
                plain.template(),
                plain.standing());
    }
}
