package io.kaitoflow.inference.server;

import io.kaitoflow.inference.server.chat.ChatModel;
import io.kaitoflow.inference.server.chat.ModelLoader;
import io.kaitoflow.inference.server.chat.Readiness;
import io.kaitoflow.inference.server.chat.RunningReplies;
import io.kaitoflow.inference.server.chat.ServedNames;
import io.micronaut.context.ApplicationContext;
import io.micronaut.http.server.exceptions.ServerStartupException;
import io.micronaut.runtime.graceful.GracefulShutdownManager;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.BindException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server and the model it owns. It listens at once and refuses requests until the model has answered its first
 * tokens; {@link #close} lets running replies end, then frees the model.
 */
public final class ModelServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ModelServer.class);
    private static final int BODY_BYTES = 1 << 20;
    private static final Duration LAST_WRITES = Duration.ofSeconds(5);

    private final HttpSettings settings;
    private final Readiness readiness = new Readiness();
    private final RunningReplies running = new RunningReplies();
    private final CompletableFuture<ChatModel> model = new CompletableFuture<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ApplicationContext context;
    private final EmbeddedServer http;

    private ModelServer(ServedNames names, HttpSettings settings, ModelLoader loader) {
        this.settings = settings;
        // Before the framework's first class is loaded: both take seconds, on different cores.
        Thread.ofPlatform().name("model-loader").daemon().start(() -> load(loader));
        this.context = ApplicationContext.builder()
                .banner(false)
                .environments("server")
                .deduceEnvironment(false)
                .environmentPropertySource(false)
                .properties(properties(settings))
                .singletons(names, settings, readiness, running)
                .build();
        this.http = listen();
    }

    /**
     * Listens, and loads the model meanwhile.
     *
     * @throws ServerStartException when the address cannot be listened on
     */
    public static ModelServer start(ServedNames names, HttpSettings settings, ModelLoader loader) {
        return new ModelServer(names, settings, loader);
    }

    /**
     * Waits until requests are taken.
     *
     * @throws ExecutionException with the cause when the model could not be loaded
     */
    public void awaitReady() throws InterruptedException, ExecutionException {
        model.get();
    }

    /** Where it listens; the real port also when a free one was asked for. */
    public URI address() {
        return URI.create("http://" + settings.host() + ":" + http.getPort());
    }

    /** Says that it leaves, then takes no new request, gives the running ones their time, ends the rest, and frees the model. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            readiness.leave();
            linger();
            readiness.drain();
            drain();
            context.close();
            releaseModel();
        }
    }

    /** Whoever sends requests here hears only after a moment that it should not. */
    private void linger() {
        try {
            Thread.sleep(settings.linger());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void drain() {
        try {
            running.drain(settings.drain());
            // A reply that was made is not yet a reply that was sent.
            context.getBean(GracefulShutdownManager.class)
                    .shutdownGracefully()
                    .toCompletableFuture()
                    .get(LAST_WRITES.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("Some callers may not have got the end of their replies: {}", e.toString());
        }
    }

    /** A model that is still being loaded is closed by its loader, when it sees that it came too late. */
    private void releaseModel() {
        boolean stillLoading = model.completeExceptionally(new CancellationException("the server was closed"));
        if (!stillLoading && !model.isCompletedExceptionally()) {
            model.join().close();
        }
    }

    private void load(ModelLoader loader) {
        try {
            ChatModel loaded = loader.load();
            readiness.ready(loaded);
            if (!model.complete(loaded)) {
                loaded.close();
            }
        } catch (RuntimeException | Error e) { // a loader that fails must not look like one that takes long
            model.completeExceptionally(e);
        }
    }

    private EmbeddedServer listen() {
        try {
            return context.start().getBean(EmbeddedServer.class).start();
        } catch (ServerStartupException e) {
            context.close();
            releaseModel();
            String place = settings.host() + ":" + settings.port();
            throw new ServerStartException(
                    e.getCause() instanceof BindException
                            ? "Cannot listen on " + place + " (" + e.getCause().getMessage()
                                    + "): end the program that uses the port or choose another with --port."
                            : "Cannot listen on " + place + ": " + e.getMessage(),
                    e);
        }
    }

    /** Replies are counted in minutes, so an idle connection may be a waiting caller: the deadline is the limit. */
    private static Map<String, Object> properties(HttpSettings settings) {
        return Map.of(
                "micronaut.server.host",
                settings.host(),
                "micronaut.server.port",
                settings.port() == 0 ? -1 : settings.port(),
                "micronaut.server.max-request-size",
                BODY_BYTES,
                "micronaut.server.idle-timeout",
                settings.deadline().plusSeconds(30).toSeconds() + "s",
                "micronaut.server.date-header",
                false,
                "jackson.serialization-inclusion",
                "ALWAYS");
    }
}
