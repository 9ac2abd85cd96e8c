package io.kaitoflow.testcluster.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.kaitoflow.testcluster.ApiServer;
import io.kaitoflow.testcluster.WithApiServer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(WithApiServer.class)
class FaultyProxyIT {

    private final FaultyProxy proxy;
    private final KubernetesClient truth;
    private final KubernetesClient through;
    private final String namespace;

    FaultyProxyIT(ApiServer server) {
        this.proxy = FaultyProxy.before(server);
        this.truth = server.client();
        this.through =
                new KubernetesClientBuilder().withConfig(proxy.clientConfig()).build();
        this.namespace = server.newNamespace();
    }

    @BeforeEach
    void allIsWellAtFirst() {
        assertThat(through.raw("/readyz")).isEqualTo("ok");
    }

    @AfterEach
    void close() {
        through.close();
        proxy.close();
    }

    @Test
    void requestsAndWatchesPassThrough() {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (var watch = through.configMaps().inNamespace(namespace).watch(recorder(seen))) {
            put(through, "a", "1");
            put(through, "b", "1");

            await().untilAsserted(() -> assertThat(seen).containsExactly("ADDED a", "ADDED b"));
        }
    }

    @Test
    void anInformerFollowsThroughCutsAndVersionsThatAreTooOld() {
        try (SharedIndexInformer<ConfigMap> informer = inform()) {
            proxy.follow(FaultPlan.seeded(1, Map.of(Fault.WATCH_GONE, 0.4)));
            for (int i = 0; i < 6; i++) {
                put(truth, "gone" + i, "1");
            }
            await().until(() -> proxy.struck(Fault.WATCH_GONE) > 0);
            proxy.follow(FaultPlan.none());
            await().untilAsserted(() -> assertThat(names(informer)).hasSize(6));
            await().until(informer::isWatching);
            proxy.cutWatches();
            put(truth, "last", "1");

            await().untilAsserted(() -> assertThat(names(informer)).hasSize(7).contains("last"));
        }
        assertThat(proxy.struck(Fault.WATCH_CUT)).isPositive();
    }

    @Test
    void eventsComeTwiceAndLate() {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (var watch = through.configMaps().inNamespace(namespace).watch(recorder(seen))) {
            proxy.follow(FaultPlan.everySecond(Fault.EVENT_LATE));
            put(truth, "a", "1");
            put(truth, "b", "1");
            await().untilAsserted(() -> assertThat(seen).containsExactly("ADDED b", "ADDED a"));

            proxy.follow(FaultPlan.always(Fault.EVENT_DOUBLED));
            put(truth, "c", "1");
            await().untilAsserted(() -> assertThat(seen).containsExactly("ADDED b", "ADDED a", "ADDED c", "ADDED c"));
        }
    }

    @Test
    void aListThatAnyVersionSatisfiesIsOldAndItsWatchCatchesUp() {
        put(through, "old", "1");
        put(through, "new", "1");
        put(through, "newest", "1");
        proxy.follow(FaultPlan.always(Fault.STALE_LIST));

        try (SharedIndexInformer<ConfigMap> informer = inform()) {
            assertThat(proxy.struck(Fault.STALE_LIST)).isPositive();
            await().untilAsserted(() -> assertThat(names(informer)).containsExactlyInAnyOrder("old", "new", "newest"));
        }
        assertThat(through.configMaps().inNamespace(namespace).list().getItems())
                .hasSize(3);
    }

    @Test
    void everySecondStatusWriteIsAConflict() {
        proxy.follow(FaultPlan.everySecond(Fault.STATUS_CONFLICT));
        Namespace shown = truth.namespaces().withName(namespace).get();

        assertThatThrownBy(() -> through.resource(shown).subresource("status").patch(merge(), "{}"))
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(409));
        assertThat(through.resource(shown).subresource("status").patch(merge(), "{}"))
                .isNotNull();
    }

    @Test
    void aWriteIsDoneAlthoughItsAnswerIsLost() {
        proxy.follow(FaultPlan.always(Fault.ANSWER_LOST));

        assertThatThrownBy(() -> put(through, "a", "1")).isInstanceOf(KubernetesClientException.class);
        assertThat(truth.configMaps().inNamespace(namespace).withName("a").get())
                .isNotNull();
    }

    private SharedIndexInformer<ConfigMap> inform() {
        return through.configMaps().inNamespace(namespace).inform();
    }

    private static List<String> names(SharedIndexInformer<ConfigMap> informer) {
        return informer.getStore().list().stream()
                .map(map -> map.getMetadata().getName())
                .toList();
    }

    private void put(KubernetesClient client, String name, String value) {
        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace)
                        .endMetadata()
                        .addToData("key", value)
                        .build())
                .create();
    }

    private static PatchContext merge() {
        return PatchContext.of(PatchType.JSON_MERGE);
    }

    private static Watcher<ConfigMap> recorder(List<String> seen) {
        return new Watcher<>() {
            @Override
            public void eventReceived(Action action, ConfigMap map) {
                if (action != Action.BOOKMARK) {
                    seen.add(action + " " + map.getMetadata().getName());
                }
            }

            @Override
            public void onClose(WatcherException cause) {
                seen.add("closed: " + cause);
            }
        };
    }
}
