package io.kaitoflow.activities.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaitoflow.testcluster.ApiServer;
import io.kaitoflow.testcluster.Controllers;
import io.kaitoflow.testcluster.WithApiServer;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Kubernetes' own controllers make no pod for other adapters, and the next pod is made with them; the kubelet is played. */
@ExtendWith(WithApiServer.class)
class RealControllersIT {

    private static final int OFTEN = 10;

    private final Controllers controllers;
    private final Stage stage;

    RealControllersIT(ApiServer server) {
        controllers = Controllers.start(server, "deployment-controller", "replicaset-controller");
        stage = Stage.on(server, false);
    }

    @AfterEach
    void close() {
        stage.close();
        controllers.close();
    }

    private void serve(String adapter) {
        Stage.rollout(stage.client(), Stage.PATIENT).roll(stage.serving(Stage.adapter(adapter)), () -> {});
    }

    private String served() {
        return ServerManifest.served(stage.pod("server").orElseThrow().getMetadata());
    }

    private long replicaSets() {
        return stage.client()
                .apps()
                .replicaSets()
                .inNamespace(stage.id().namespace())
                .list()
                .getItems()
                .size();
    }

    @Test
    void otherAdaptersNeedNoOtherPodHoweverOftenTheyChange() {
        serve("first");
        Optional<String> pod = stage.uid("server");

        for (int change = 0; change < OFTEN; change++) {
            serve("other-" + change % 3);
        }
        serve("first");

        assertThat(stage.uid("server")).isPresent().isEqualTo(pod);
        assertThat(served()).contains("\"first\"");
        assertThat(replicaSets()).isEqualTo(1);
    }

    @Test
    void aPodThatIsMadeLaterHasTheAdaptersOfTheOneBefore() {
        serve("first");
        serve("other");
        String before = stage.uid("server").orElseThrow();

        stage.client().resource(stage.pod("server").orElseThrow()).delete();

        await().atMost(Stage.LONG)
                .ignoreExceptions()
                .until(() ->
                        stage.uid("server").filter(uid -> !uid.equals(before)).isPresent());
        assertThat(served()).contains("\"other\"");
    }

    @Test
    void anotherModelGetsAnotherPodAlsoAfterAdaptersChanged() {
        serve("first");
        serve("other");
        Optional<String> before = stage.uid("server");

        Stage.rollout(stage.client(), Stage.PATIENT).roll(stage.servingAnotherModel(), () -> {});

        assertThat(stage.uid("server")).isPresent().isNotEqualTo(before);
        assertThat(served()).contains("\"another\"");
    }
}
