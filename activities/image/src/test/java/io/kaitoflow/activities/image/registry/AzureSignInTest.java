package io.kaitoflow.activities.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kaitoflow.activities.image.AdapterImages;
import io.kaitoflow.activities.image.CredentialSearch;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.activities.image.Pulse;
import io.kaitoflow.activities.image.RegistryCredentials;
import io.kaitoflow.activities.image.target.RegistryOrLayout;
import io.kaitoflow.presets.ImageReference;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Azure's directory and one of its registries, played by one server. */
class AzureSignInTest {

    @TempDir
    private Path scratch;

    private final List<String> forms = new CopyOnWriteArrayList<>();
    private final List<String> uploads = new CopyOnWriteArrayList<>();
    private HttpServer azure;
    private String registry;

    @BeforeEach
    void start() throws IOException {
        azure = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry = "127.0.0.1:" + azure.getAddress().getPort();
        directoryAnswers(200, "{\"token_type\":\"Bearer\",\"access_token\":\"of+directory\"}");
        exchangeAnswers(200, "{\"refresh_token\":\"of+registry\"}");
        azure.createContext("/oauth2/token", exchange -> {
            forms.add(form(exchange));
            Answers.send(exchange, 200, "{\"access_token\":\"opens\"}");
        });
        azure.createContext("/v2/", this::registry);
        azure.start();
    }

    @AfterEach
    void stop() {
        azure.stop(0);
    }

    @Test
    void aTokenOfTheClusterBecomesOneThatPushes() {
        images("token-of-the-cluster").checkPush(ImageReference.parse(registry + "/adapters/phi:1"), List.of());

        assertThat(forms)
                .containsExactly(
                        "client_assertion=token-of-the-cluster"
                                + "&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
                                + "&client_id=pusher&grant_type=client_credentials"
                                + "&scope=https://containerregistry.azure.net/.default",
                        "access_token=of+directory&grant_type=access_token&service=" + registry + "&tenant=company",
                        "service=" + registry + "&scope=repository:adapters/phi:pull,push"
                                + "&grant_type=refresh_token&client_id=kaitoflow&refresh_token=of+registry");
        assertThat(uploads).containsExactly("POST Bearer opens", "DELETE Bearer opens");
    }

    @Test
    void whatTheDirectorySaysIsQuotedWithoutItsNumbers() {
        azure.removeContext("/company/oauth2/v2.0/token");
        directoryAnswers(
                401,
                "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS700213: No matching federated identity record"
                        + " found. Trace ID: 1\\r\\nTimestamp: 2\"}");

        assertThatThrownBy(() -> signIn("sesame").at(registry))
                .isInstanceOf(ImageException.Denied.class)
                .hasMessage("Signing in as the identity pusher on " + registry
                        + " was answered 401: AADSTS700213: No matching federated identity record found. Trace ID: 1.")
                .hasMessageNotContaining("sesame");
    }

    @Test
    void aDirectoryThatFailsIsAskedAgainLater() {
        azure.removeContext("/company/oauth2/v2.0/token");
        directoryAnswers(503, "");

        assertThatThrownBy(() -> signIn("sesame").at(registry)).isInstanceOf(ImageException.Unavailable.class);
    }

    @Test
    void aRegistryThatKnowsNobodyIsNamed() {
        azure.removeContext("/oauth2/exchange");
        exchangeAnswers(401, "{\"errors\":[{\"code\":\"UNAUTHORIZED\"}]}");

        assertThatThrownBy(() -> signIn("sesame").at(registry))
                .isInstanceOf(ImageException.Denied.class)
                .hasMessage(
                        "Signing in at " + registry + " as the identity pusher on " + registry + " was answered 401.");
    }

    @Test
    void registriesOfOthersAreGivenNothing() {
        assertThat(signIn("sesame").at("registry.example")).isEmpty();
        assertThat(forms).isEmpty();
    }

    @Test
    void aTokenIsNotSentOverPlainHttpToAnotherMachine() {
        AzureSignIn.Client client = new AzureSignIn.Client(URI.create("http://login.example/"), "company", "pusher");

        assertThatThrownBy(
                        () -> new AzureSignIn(client, () -> "sesame", RegistryTimeouts.usual(), _ -> true).at(registry))
                .isInstanceOf(ImageException.Denied.class)
                .hasMessageContaining("plain http");
    }

    @Test
    void aLoginIsPrintedAsWhoseItIs() {
        assertThatCode(() -> assertThat(signIn("sesame").at(registry).orElseThrow())
                        .hasToString("credentials from the identity pusher"))
                .doesNotThrowAnyException();
    }

    private AdapterImages images(String token) {
        CredentialSearch search = new CredentialSearch(
                RegistryCredentials.none(), Optional.empty(), CredentialSearch.Keychains.none(), signIn(token));
        return new AdapterImages(
                new RegistryOrLayout(search, Optional.empty(), RegistryTimeouts.usual(), Pulse.none()), scratch);
    }

    private AzureSignIn signIn(String token) {
        URI directory = URI.create("http://" + registry);
        return new AzureSignIn(
                new AzureSignIn.Client(directory, "company", "pusher"),
                () -> token,
                RegistryTimeouts.usual(),
                registry::equals);
    }

    private void directoryAnswers(int status, String json) {
        answers("/company/oauth2/v2.0/token", status, json);
    }

    private void exchangeAnswers(int status, String json) {
        answers("/oauth2/exchange", status, json);
    }

    private void answers(String path, int status, String json) {
        azure.createContext(path, exchange -> {
            forms.add(form(exchange));
            Answers.send(exchange, status, json);
        });
    }

    private void registry(HttpExchange exchange) throws IOException {
        String shown = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        if (exchange.getRequestURI().getPath().equals("/v2/")) {
            Answers.send(exchange, 401, "");
        } else if (shown.equals("Bearer opens")) {
            uploads.add(exchange.getRequestMethod() + " " + shown);
            exchange.getResponseHeaders().add("Location", "/v2/adapters/phi/blobs/uploads/1");
            Answers.send(exchange, exchange.getRequestMethod().equals("POST") ? 202 : 204, "");
        } else {
            exchange.getResponseHeaders()
                    .add(
                            "WWW-Authenticate",
                            "Bearer realm=\"http://" + registry + "/oauth2/token\",service=\"" + registry
                                    + "\",scope=\"repository:adapters/phi:pull,push\"");
            Answers.send(exchange, 401, "");
        }
    }

    private static String form(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        return URLDecoder.decode(body, StandardCharsets.UTF_8);
    }
}
