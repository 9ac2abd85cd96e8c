package io.kaitoflow.testcluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ApiServerIT {

    private static ApiServer server;

    @BeforeAll
    static void start() {
        server = ApiServer.start();
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void keepsItsDataThroughAKill() {
        String namespace = withConfigMap();

        server.kill();
        server.restart();

        assertThat(kept(namespace).getData()).containsEntry("key", "value");
    }

    @Test
    void comesBackByItselfWhenEtcdDoes() {
        String namespace = withConfigMap();

        server.restartEtcd();

        Awaitility.await()
                .ignoreExceptionsInstanceOf(KubernetesClientException.class)
                .untilAsserted(() -> assertThat(kept(namespace).getData()).containsEntry("key", "value"));
    }

    private static String withConfigMap() {
        String namespace = server.newNamespace();
        ConfigMap map = new ConfigMapBuilder()
                .withNewMetadata()
                .withName("kept")
                .withNamespace(namespace)
                .endMetadata()
                .addToData("key", "value")
                .build();
        server.client().resource(map).create();
        return namespace;
    }

    private static ConfigMap kept(String namespace) {
        return server.client()
                .configMaps()
                .inNamespace(namespace)
                .withName("kept")
                .get();
    }

    @Test
    void isOfTheVersionThatItSays() {
        assertThat(server.kubectl().run("version").orFail()).contains("Client Version: v1.35", "Server Version: v1.35");
    }

    @Test
    void kubectlsRefusalIsOnStandardError() {
        Kubectl.Answer answer = server.kubectl().run("get", "workspaces");

        assertThat(answer.status()).isEqualTo(1);
        assertThat(answer.err()).contains("the server doesn't have a resource type \"workspaces\"");
    }
}
