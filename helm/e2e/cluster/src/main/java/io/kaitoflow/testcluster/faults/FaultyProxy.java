package io.kaitoflow.testcluster.faults;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.kaitoflow.testcluster.ApiServer;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Stands before an API server and passes everything on, requests and watches, but for what its plan says. Whoever should suffer
 * gets the client configuration from here; whoever should see the truth asks the API server itself.
 */
public final class FaultyProxy implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final int LARGEST_EVENT = 16 << 20;
    private static final int CONNECTIONS = 200;

    private final ApiServer server;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private final Striking faults = new Striking();
    private final Exchanges exchanges;
    private final Watches watches;
    private final HttpServer listener;

    private FaultyProxy(ApiServer server) {
        this.server = server;
        int port = URI.create(server.clientConfig().getMasterUrl()).getPort();
        HttpClient upstream = upstream(port);
        this.exchanges = new Exchanges(vertx, upstream, faults);
        this.watches = new Watches(vertx, upstream, sockets(port), faults);
        this.listener = vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertPath(server.certificate().toString())
                                .addKeyPath(server.certificateKey().toString()))
                        .setMaxWebSocketFrameSize(LARGEST_EVENT)
                        .setMaxWebSocketMessageSize(LARGEST_EVENT))
                .requestHandler(this::handle);
    }

    /** Starts on a free port; all is well until a plan is followed. */
    public static FaultyProxy before(ApiServer server) {
        FaultyProxy proxy = new FaultyProxy(server);
        proxy.listener.listen(0, HOST).toCompletionStage().toCompletableFuture().join();
        return proxy;
    }

    /** As the API server's own, but through here. */
    public Config clientConfig() {
        return new ConfigBuilder(server.clientConfig())
                .withMasterUrl("https://" + HOST + ":" + listener.actualPort())
                .build();
    }

    /** As the API server's own, but through here; beside it, and gone with it. */
    public Path kubeconfig() {
        String way = clientConfig().getMasterUrl();
        String own = server.clientConfig().getMasterUrl();
        Path file = server.kubeconfig().resolveSibling("kubeconfig-" + listener.actualPort());
        try {
            String text = Files.readString(server.kubeconfig());
            return Files.writeString(file, text.replace(own.replaceAll("/+$", ""), way));
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to write " + file, e);
        }
    }

    /** From now on these faults strike and no others. */
    public void follow(FaultPlan plan) {
        faults.follow(plan);
    }

    /** Ends all watches without a word, once. */
    public void cutWatches() {
        watches.cut();
    }

    /** How often a fault struck since the start. */
    public int struck(Fault fault) {
        return faults.struck(fault);
    }

    private void handle(HttpServerRequest request) {
        if (Watches.is(request)) {
            watches.open(request);
        } else {
            exchanges.forward(request);
        }
    }

    private HttpClient upstream(int port) {
        return vertx.createHttpClient(
                new HttpClientOptions()
                        .setDefaultHost(HOST)
                        .setDefaultPort(port)
                        .setSsl(true)
                        .setTrustAll(true)
                        .setVerifyHost(false),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS));
    }

    private WebSocketClient sockets(int port) {
        return vertx.createWebSocketClient(new WebSocketClientOptions()
                .setDefaultHost(HOST)
                .setDefaultPort(port)
                .setSsl(true)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setMaxConnections(CONNECTIONS)
                .setMaxFrameSize(LARGEST_EVENT)
                .setMaxMessageSize(LARGEST_EVENT));
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
