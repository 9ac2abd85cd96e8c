package io.kaitoflow.bridge.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The webhook over HTTPS, with an API server that nobody answers for. */
class AdmissionServerTest {

    private static final String REVIEW = """
            {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
              "uid": "u-1", "namespace": "research", "operation": "CREATE", "dryRun": false,
              "userInfo": {"username": "ada", "groups": ["system:authenticated"]},
              "object": {
                "apiVersion": "kaito.sh/v1beta1", "kind": "Workspace", "metadata": {"name": "serve"},
                "resource": {"labelSelector": {"matchLabels": {"apps": "serve"}}},
                "inference": {"preset": {"name": "smollm2-135m-instuct"}}}}}
            """;

    @TempDir
    private Path folder;

    private TestCertificate certificate;
    private KubernetesClient client;
    private AdmissionServer server;
    private volatile Outlook outlook = wish -> List.of();

    @BeforeEach
    void start() {
        certificate = TestCertificate.in(folder);
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://127.0.0.1:1")
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        AdmissionSettings settings = new AdmissionSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                certificate.certificate(),
                certificate.key(),
                Duration.ofMillis(100));
        server = AdmissionServer.start(settings, Webhook.translator(), wish -> outlook.on(wish), client);
    }

    @AfterEach
    void stop() {
        server.close();
        client.close();
    }

    @Test
    void aRefusalRepeatsTheUidAndCarriesItsCauses() throws Exception {
        JsonNode response =
                JsonMapper.builder().build().readTree(post(REVIEW).body()).path("response");

        assertThat(response.path("uid").asText()).isEqualTo("u-1");
        assertThat(response.path("allowed").asBoolean()).isFalse();
        assertThat(response.at("/status/reason").asText()).isEqualTo("Invalid");
        assertThat(response.at("/status/details/causes/0/field").asText()).isEqualTo("inference.preset.name");
        assertThat(response.at("/status/details/causes/0/message").asText())
                .startsWith("Invalid value: \"smollm2-135m-instuct\": is not a model of the catalogue");
    }

    @Test
    void anApiServerThatCannotBeAskedHoldsNothingUp() throws Exception {
        String right = REVIEW.replace("instuct", "instruct")
                .replace("\"inference\": {", "\"inference\": {\"config\": \"how\", ");

        JsonNode response =
                JsonMapper.builder().build().readTree(post(right).body()).path("response");

        assertThat(response.path("allowed").asBoolean()).isTrue();
        assertThat(response.path("warnings").toString()).contains("ConfigMap \\\"how\\\" could not be read in time");
    }

    @Test
    void aWorkspaceThatCannotBeJudgedIsNotLetIn() throws Exception {
        outlook = wish -> {
            throw new ArithmeticException("too large");
        };

        JsonNode response = JsonMapper.builder()
                .build()
                .readTree(post(REVIEW.replace("instuct", "instruct")).body())
                .path("response");

        assertThat(response.path("uid").asText()).isEqualTo("u-1");
        assertThat(response.path("allowed").asBoolean()).isFalse();
        assertThat(response.at("/status/message").asText())
                .startsWith(
                        "metadata.name: \"serve\" could not be judged (java.lang.ArithmeticException: too large). Undo");
    }

    @Test
    void whatIsNoReviewIsABadRequest() throws Exception {
        assertThat(post("{").statusCode()).isEqualTo(400);
        assertThat(post("{\"kind\": \"AdmissionReview\"}").statusCode()).isEqualTo(400);
    }

    @Test
    void onlyPostsAreTaken() throws Exception {
        HttpRequest get = HttpRequest.newBuilder(uri("/validate")).build();

        assertThat(browser().send(get, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
    }

    @Test
    void itSaysThatItIsThere() throws Exception {
        HttpRequest get = HttpRequest.newBuilder(uri("/healthz")).build();

        assertThat(browser().send(get, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }

    @Test
    void aNewCertificateIsShownWithoutARestart() throws Exception {
        assertThat(post(REVIEW).statusCode()).isEqualTo(200);

        certificate = TestCertificate.in(folder);

        assertThat(post(REVIEW).statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> post(String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri("/validate"))
                .POST(BodyPublishers.ofString(body))
                .build();
        return browser().send(request, BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("https://127.0.0.1:" + server.port() + path);
    }

    /** A client that trusts the certificate of the moment and no other. */
    private HttpClient browser() throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream pem = Files.newInputStream(certificate.certificate())) {
            trusted.setCertificateEntry(
                    "webhook", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }
}
