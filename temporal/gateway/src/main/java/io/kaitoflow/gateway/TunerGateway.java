package io.kaitoflow.gateway;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Temporal as a tuner sees it: with a token of its own it polls its own queue, beats and answers for the tasks that it was given. Nothing
 * is remembered here, so a tuner may go on at any other replica.
 */
public final class TunerGateway implements AutoCloseable {

    /** Temporal itself takes no larger payload than 2 MiB. */
    private static final int LARGEST_MESSAGE = (2 << 20) + (64 << 10);

    private static final int CALLS_A_CONNECTION = 32;
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);

    /** A tuner asks every half a minute whether the gateway is still there; more often is not taken amiss. */
    private static final Duration LEAST_KEEP_ALIVE = Duration.ofSeconds(5);

    private static final Duration DRAIN = Duration.ofSeconds(1);

    private final Server server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private TunerGateway(GatewaySettings settings, WorkflowServiceStubs temporal, String namespace, TunerTokens tokens)
            throws IOException {
        TunerCalls calls = new TunerCalls(
                temporal, namespace, new TaskSeal(new SealingKeys(settings.keys())), new Veil(settings.codec()));
        server = NettyServerBuilder.forAddress(settings.address(), credentials(settings.certificate()))
                .executor(threads)
                .addService(calls.health())
                .addService(calls.service())
                .fallbackHandlerRegistry(new NothingElse())
                .intercept(new TokenCheck(tokens))
                .maxInboundMessageSize(LARGEST_MESSAGE)
                .maxConcurrentCallsPerConnection(CALLS_A_CONNECTION)
                .handshakeTimeout(HANDSHAKE.toSeconds(), TimeUnit.SECONDS)
                .permitKeepAliveTime(LEAST_KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .build()
                .start();
    }

    /**
     * Starts serving.
     *
     * @param temporal stays the caller's
     * @param namespace of Temporal, in which all tuners work
     * @throws UncheckedIOException when the address is taken, or there is no key
     */
    public static TunerGateway start(
            GatewaySettings settings, WorkflowServiceStubs temporal, String namespace, InstantSource clock) {
        try {
            return new TunerGateway(settings, temporal, namespace, new TunerTokens(settings.keys(), clock));
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to listen on " + settings.address() + ": " + e.getMessage(), e);
        }
    }

    public int port() {
        return server.getPort();
    }

    private static ServerCredentials credentials(@Nullable KeyManager certificate) {
        return certificate == null
                ? InsecureServerCredentials.create()
                : TlsServerCredentials.newBuilder().keyManager(certificate).build();
    }

    /** Polls that wait are ended: their tuners ask again, another replica if there is one. */
    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(DRAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                server.shutdownNow().awaitTermination(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
    }
}
