package io.kaitoflow.activities.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutwardProxyTest {

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "KAITOFLOW_PROXY", "http://proxy.example:3128",
            "KAITOFLOW_NO_PROXY", "registry.inside.example, .corp.example",
            "KAITOFLOW_TEMPORAL_ADDRESS", "temporal.example:7233");

    private static Proxy.Type of(String url) {
        return OutwardProxy.find(ENVIRONMENT)
                .orElseThrow()
                .select(URI.create(url))
                .getFirst()
                .type();
    }

    @Test
    void whatIsOutsideGoesThroughTheProxy() {
        assertThat(of("https://registry.example/v2/")).isEqualTo(Proxy.Type.HTTP);
        assertThat(of("http://hub.example/model")).isEqualTo(Proxy.Type.HTTP);
    }

    @Test
    void whatIsInsideAndWhatIsExceptedDoesNot() {
        assertThat(of("https://registry.inside.example/v2/")).isEqualTo(Proxy.Type.DIRECT);
        assertThat(of("https://deep.corp.example")).isEqualTo(Proxy.Type.DIRECT);
        assertThat(of("https://temporal.example:7233")).isEqualTo(Proxy.Type.DIRECT);
        assertThat(of("http://model.ns.svc/v1/models")).isEqualTo(Proxy.Type.DIRECT);
        assertThat(of("https://kubernetes.default.svc.cluster.local")).isEqualTo(Proxy.Type.DIRECT);
        assertThat(of("http://registry:5000")).isEqualTo(Proxy.Type.DIRECT);
        assertThat(of("http://127.0.0.1:5000")).isEqualTo(Proxy.Type.DIRECT);
    }

    @Test
    void withoutTheVariableThereIsNone() {
        assertThat(OutwardProxy.find(Map.of("KAITOFLOW_PROXY", " "))).isEmpty();
    }

    @Test
    void anAddressThatIsNoneIsRefused() {
        assertThatThrownBy(() -> OutwardProxy.use(Map.of("KAITOFLOW_PROXY", "proxy.example")))
                .hasMessageContaining("KAITOFLOW_PROXY")
                .hasMessageContaining("http://HOST:PORT");
        assertThatThrownBy(() -> OutwardProxy.use(Map.of("KAITOFLOW_PROXY", "http://me:secret@proxy.example:1")))
                .hasMessageContaining("asks for a name");
    }

    @Test
    void aConnectionThatIsOpenedAfterwardsUsesIt() throws IOException, InterruptedException {
        ProxySelector before = ProxySelector.getDefault();
        HttpServer proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.createContext("/", exchange -> {
            exchange.sendResponseHeaders(299, -1);
            exchange.close();
        });
        proxy.start();
        try (HttpClient client = used("http://127.0.0.1:" + proxy.getAddress().getPort())) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://registry.example/v2/"))
                    .build();

            assertThat(client.send(request, BodyHandlers.discarding()).statusCode())
                    .isEqualTo(299);
        } finally {
            ProxySelector.setDefault(before);
            proxy.stop(0);
        }
    }

    private static HttpClient used(String proxy) {
        OutwardProxy.use(Map.of("KAITOFLOW_PROXY", proxy));
        return HttpClient.newHttpClient();
    }
}
