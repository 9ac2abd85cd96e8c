package io.kaitoflow.bridge.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kaitoflow.bridge.admission.AdmissionReview.Author;
import io.kaitoflow.bridge.admission.ClusterView.Question;
import io.kaitoflow.bridge.admission.ClusterView.Right;
import io.kaitoflow.bridge.admission.ClusterView.Seen;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An API server that takes connections and never answers. */
class ApiServerViewTest {

    private ServerSocket silent;
    private KubernetesClient client;
    private ApiServerView view;

    @BeforeEach
    void connect() throws IOException {
        silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://127.0.0.1:" + silent.getLocalPort())
                        .build())
                .build();
        view = new ApiServerView(client, Duration.ofMillis(50));
    }

    @AfterEach
    void close() throws IOException {
        view.close();
        client.close();
        silent.close();
    }

    @Test
    void whatIsNotAnsweredInTimeIsUnreadAndUnknown() {
        Author author = new Author("ada", null, null, null);

        Seen seen = view.look(new Question("research", Set.of("recipe", "rows"), author));

        assertThat(seen).isEqualTo(new Seen(List.of(), Set.of("recipe", "rows"), Right.UNKNOWN));
    }
}
