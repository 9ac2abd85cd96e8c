package io.kaitoflow.worker.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.activities.rollout.cluster.access.PushAccount;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An API server and Azure's directory, played by one server; the directory refuses everybody. */
class NamespaceIdentityTest {

    private static final String ACCOUNT = "/api/v1/namespaces/team-a/serviceaccounts/kaitoflow-push";
    private static final String REGISTRY = "myregistry.azurecr.io";

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private KubernetesClient client;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(ACCOUNT + "/token", exchange -> {
            seen.add(body(exchange));
            answer(exchange, 201, "{\"kind\":\"TokenRequest\",\"status\":{\"token\":\"made\"}}");
        });
        server.createContext("/company/", exchange -> {
            seen.add(body(exchange));
            answer(exchange, 401, "{\"error_description\":\"nobody is known here\"}");
        });
        server.start();
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl(base())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    @Test
    void theAccountOfTheNamespaceSignsInByATokenForTheDirectoryAlone() {
        account("{\"azure.workload.identity/client-id\":\"of-team-a\"}");

        assertThatThrownBy(() -> identity(Optional.of("company")).at(REGISTRY))
                .isInstanceOf(ImageException.Denied.class)
                .hasMessageContaining("identity of-team-a")
                .hasMessageContaining("nobody is known here");
        assertThat(seen).hasSize(2);
        assertThat(seen.getFirst()).contains("\"audiences\":[\"api://AzureADTokenExchange\"]");
        assertThat(seen.getLast()).contains("client_assertion=made").contains("client_id=of-team-a");
    }

    @Test
    void theTenantOfTheAccountWins() {
        account(
                "{\"azure.workload.identity/client-id\":\"of-team-a\",\"azure.workload.identity/tenant-id\":\"company\"}");

        assertThatThrownBy(() -> identity(Optional.of("another")).at(REGISTRY))
                .hasMessageContaining("nobody is known here");
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> identity(Optional.of("company")).at(REGISTRY))
                .isInstanceOf(ImageException.Denied.class)
                .hasMessage(
                        "Signing in at myregistry.azurecr.io as the service account kaitoflow-push of namespace team-a:"
                                + " there is none. Make it, with the annotation azure.workload.identity/client-id.");
        account("{}");
        assertThatThrownBy(() -> identity(Optional.of("company")).at(REGISTRY))
                .hasMessageEndingWith("it lacks the annotation azure.workload.identity/client-id.");
        assertThatThrownBy(() -> identity(Optional.empty()).at(REGISTRY))
                .hasMessageContaining("registries.workloadIdentity.tenant");
    }

    @Test
    void registriesOfOthersAreNoneOfItsBusiness() {
        assertThat(identity(Optional.of("company")).at("registry.example")).isEmpty();
        assertThat(seen).isEmpty();
    }

    private NamespaceIdentity identity(Optional<String> tenant) {
        return new NamespaceIdentity(
                client, new PushSettings(new PushAccount("kaitoflow-push"), tenant, URI.create(base())), "team-a");
    }

    private String base() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    private void account(String annotations) {
        server.createContext(
                ACCOUNT,
                exchange -> answer(
                        exchange,
                        200,
                        "{\"kind\":\"ServiceAccount\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"kaitoflow-push\","
                                + "\"namespace\":\"team-a\",\"annotations\":" + annotations + "}}"));
    }

    private static String body(HttpExchange exchange) throws IOException {
        return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
