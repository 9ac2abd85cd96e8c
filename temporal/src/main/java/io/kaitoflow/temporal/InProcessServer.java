package io.kaitoflow.temporal;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.temporal.internal.testservice.GRPCServerHelper;
import io.temporal.internal.testservice.TestServicesStarter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;

/**
 * Temporal's in-memory server on a loopback port, so that child processes reach it too. The library's own port-bound server
 * listens on all interfaces without a password; this one does not.
 */
final class InProcessServer implements TemporalServer {

    /** Time stands still for nobody here: locked means that the server follows the real clock. */
    private static final boolean TIME_SKIPPING_LOCKED = true;

    private final TestServicesStarter services;
    private final Server server;

    private InProcessServer(TestServicesStarter services, Server server) {
        this.services = services;
        this.server = server;
    }

    static InProcessServer start() {
        TestServicesStarter services = new TestServicesStarter(TIME_SKIPPING_LOCKED, 0);
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        GRPCServerHelper.registerServicesAndHealthChecks(services.getServices(), builder);
        try {
            return new InProcessServer(services, builder.build().start());
        } catch (IOException e) {
            services.close();
            throw new TemporalException("The in-process Temporal server cannot listen on a loopback port: " + e, e);
        }
    }

    @Override
    public TemporalAddress address() {
        return TemporalAddress.of("127.0.0.1:" + server.getPort());
    }

    @Override
    public Optional<URI> webUi() {
        return Optional.empty();
    }

    @Override
    public boolean durable() {
        return false;
    }

    @Override
    public void close() {
        server.shutdownNow();
        services.close();
    }
}
