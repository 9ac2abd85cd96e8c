package io.kaitoflow.inference.server.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kaitoflow.inference.server.chat.ChatFailure;
import io.kaitoflow.inference.server.keys.Doorkeeper;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before an OpenAI server that does not know KAITO's calls. {@code /chat}, its page, the greeting and health are answered
 * here; every other call goes through as it came.
 */
public final class Gateway implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int LONGEST_BODY = 1 << 20;
    private static final String PAGE = "/io/kaitoflow/inference/server/http/chat.html";

    /** How a call is answered; what it throws is said to the caller. */
    private interface Answer {
        void to(HttpExchange caller) throws IOException, InterruptedException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Upstream upstream;
    private final Doorkeeper doorkeeper;
    private final String defaultModel;
    private volatile boolean leaving;

    private Gateway(HttpServer server, Upstream upstream, Doorkeeper doorkeeper, String defaultModel) {
        this.server = server;
        this.upstream = upstream;
        this.doorkeeper = doorkeeper;
        this.defaultModel = defaultModel;
    }

    /**
     * Listens at once, whether somebody is behind it or not.
     *
     * @param doorkeeper stays the caller's
     * @param defaultModel that {@code /chat} means when it names none
     */
    static Gateway start(InetSocketAddress address, Upstream upstream, Doorkeeper doorkeeper, String defaultModel)
            throws IOException {
        Gateway gateway = new Gateway(HttpServer.create(address, 0), upstream, doorkeeper, defaultModel);
        gateway.server.setExecutor(gateway.threads);
        gateway.answer("/", gateway::root);
        gateway.answer("/chat", gateway::chat);
        gateway.answer("/health", gateway::health);
        gateway.answer("/health/live", caller -> send(caller, 200, Map.of("status", "Healthy")));
        gateway.server.start();
        return gateway;
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(String path, Answer answer) {
        server.createContext(path, caller -> {
            if (leaving) {
                caller.getResponseHeaders().set("Connection", "close");
            }
            if (mayPass(caller)) {
                answerOrRefuse(caller, answer);
            } else {
                askForKey(caller);
            }
            // Not where something was thrown: closing would end half a reply as if it were whole.
            caller.close();
        });
    }

    private boolean mayPass(HttpExchange caller) {
        String authorization =
                Objects.requireNonNullElse(caller.getRequestHeaders().getFirst("Authorization"), "");
        return doorkeeper.lets(caller.getRequestMethod(), caller.getRequestURI().getPath(), authorization);
    }

    /** In the form that whoever calls this path reads. */
    private static void askForKey(HttpExchange caller) throws IOException {
        caller.getResponseHeaders().set("WWW-Authenticate", "Bearer");
        if (caller.getRequestURI().getPath().startsWith("/v1/")) {
            send(
                    caller,
                    401,
                    Map.of(
                            "error",
                            Map.of(
                                    "message",
                                    Doorkeeper.QUESTION,
                                    "type",
                                    "invalid_request_error",
                                    "code",
                                    "invalid_api_key")));
        } else {
            send(caller, 401, Map.of("detail", Doorkeeper.QUESTION));
        }
    }

    private static void answerOrRefuse(HttpExchange caller, Answer answer) throws IOException {
        try {
            answer.to(caller);
        } catch (Refused refused) {
            send(caller, refused.status(), Map.of("detail", refused.text()));
        } catch (ChatFailure refused) {
            send(caller, 400, Map.of("detail", refused.text()));
        } catch (HttpTimeoutException late) {
            send(caller, 504, Map.of("detail", "The reply was not done in time; ask for fewer tokens."));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("The gateway was stopped.");
        } catch (IOException nobody) {
            if (caller.getResponseCode() >= 0) {
                throw nobody;
            }
            LOG.debug("No answer from behind", nobody);
            caller.getResponseHeaders().set("Retry-After", "5");
            send(caller, 503, Map.of("detail", "The model does not answer yet, or not any more."));
        }
    }

    private void root(HttpExchange caller) throws IOException, InterruptedException {
        if (caller.getRequestURI().getPath().equals("/")) {
            send(caller, 200, Map.of("message", "Server is running"));
        } else {
            upstream.passThrough(caller, body(caller));
        }
    }

    /** Never more than that is held of anybody's. */
    private static byte[] body(HttpExchange caller) throws IOException {
        byte[] body = caller.getRequestBody().readNBytes(LONGEST_BODY + 1);
        if (body.length > LONGEST_BODY) {
            throw new Refused(413, "The body is longer than 1 MiB.");
        }
        return body;
    }

    /** Nobody is to be sent here any more; each answer is the last on its connection. */
    void leave() {
        leaving = true;
    }

    /** Takes no new call, and gives those under way at most {@code grace}. */
    void drain(Duration grace) {
        server.stop(Math.clamp(grace.toSeconds(), 0, Integer.MAX_VALUE));
    }

    private void health(HttpExchange caller) throws IOException, InterruptedException {
        boolean healthy = !leaving && upstream.healthy();
        String word = leaving ? "Leaving" : "Loading";
        send(caller, healthy ? 200 : 503, Map.of("status", healthy ? "Healthy" : word));
    }

    private void chat(HttpExchange caller) throws IOException, InterruptedException {
        if (caller.getRequestMethod().equals("GET")) {
            page(caller);
            return;
        }
        ChatCall call = ChatCall.read(body(caller), defaultModel);
        HttpResponse<String> answer = upstream.post(call.path(), call.body().toString(), caller);
        if (answer.statusCode() == 200) {
            send(caller, 200, Map.of("Result", call.text(JSON.readTree(answer.body()))));
        } else {
            send(caller, answer.statusCode(), Map.of("detail", said(answer.body())));
        }
    }

    /** In OpenAI's form, or in whatever it was said. */
    private static String said(String body) {
        try {
            JsonNode tree = JSON.readTree(body);
            JsonNode message = tree.path("error").path("message");
            return message.isTextual() ? message.asText() : tree.path("message").asText(body);
        } catch (JsonProcessingException plain) {
            return body;
        }
    }

    private static void page(HttpExchange caller) throws IOException {
        try (InputStream page = Objects.requireNonNull(Gateway.class.getResourceAsStream(PAGE))) {
            caller.getResponseHeaders().set("Content-Type", "text/html; charset=UTF-8");
            caller.sendResponseHeaders(200, 0);
            page.transferTo(caller.getResponseBody());
        }
    }

    private static void send(HttpExchange caller, int status, Map<String, ?> words) throws IOException {
        byte[] json = JSON.writeValueAsString(words).getBytes(StandardCharsets.UTF_8);
        caller.getResponseHeaders().set("Content-Type", "application/json");
        caller.sendResponseHeaders(status, json.length);
        caller.getResponseBody().write(json);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
