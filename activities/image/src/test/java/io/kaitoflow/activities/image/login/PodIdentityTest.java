package io.kaitoflow.activities.image.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.kaitoflow.activities.image.ImageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodIdentityTest {

    private static final String REGISTRY = "myregistry.azurecr.io";

    @TempDir
    private Path folder;

    @Test
    void aPodWithoutAnAccountIsKnownNowhere() {
        Map<String, String> azure = Map.of("AZURE_CLIENT_ID", "c", "AZURE_TENANT_ID", "t");

        assertThat(new PodIdentity(azure).at(REGISTRY)).isEmpty();
    }

    @Test
    void anAccountOpensRegistriesOfAzureAlone() {
        PodIdentity identity = new PodIdentity(Map.of(PodIdentity.ACCOUNT, "kaitoflow-push"));

        assertThat(identity.at("registry.example")).isEmpty();
        assertThat(identity.at("myregistry.azurecr.io.example")).isEmpty();
    }

    @Test
    void anAccountWithoutATokenIsRefusedWithWhatItLacks() {
        PodIdentity identity = new PodIdentity(
                Map.of(PodIdentity.ACCOUNT, "kaitoflow-push", "AZURE_TENANT_ID", "t", "AZURE_CLIENT_ID", ""));

        assertThatThrownBy(() -> identity.at(REGISTRY))
                .isInstanceOf(ImageException.Denied.class)
                .hasMessageContaining("service account kaitoflow-push of this namespace")
                .hasMessageContaining("no AZURE_CLIENT_ID")
                .hasMessageContaining("azure.workload.identity/client-id");
    }

    @Test
    void theNewestTokenOfTheFileIsShown() throws IOException {
        List<String> seen = new CopyOnWriteArrayList<>();
        HttpServer directory = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        directory.createContext("/t/oauth2/v2.0/token", exchange -> {
            String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            seen.add(form.replaceAll(".*client_assertion=(\\w+).*", "$1"));
            exchange.sendResponseHeaders(400, -1);
            exchange.close();
        });
        directory.start();
        Path token = folder.resolve("token");
        Map<String, String> environment = new HashMap<>(Map.of(PodIdentity.ACCOUNT, "kaitoflow-push"));
        environment.put(
                "AZURE_AUTHORITY_HOST",
                "http://127.0.0.1:" + directory.getAddress().getPort() + "/");
        environment.put("AZURE_TENANT_ID", "t");
        environment.put("AZURE_CLIENT_ID", "c");
        environment.put("AZURE_FEDERATED_TOKEN_FILE", token.toString());
        try {
            for (String written : List.of("one", "two")) {
                Files.writeString(token, written + "\n");
                assertThatThrownBy(() -> new PodIdentity(environment).at(REGISTRY))
                        .hasMessageContaining("400");
            }
        } finally {
            directory.stop(0);
        }

        assertThat(seen).containsExactly("one", "two");
    }
}
