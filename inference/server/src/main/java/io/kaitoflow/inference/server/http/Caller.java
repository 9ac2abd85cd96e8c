package io.kaitoflow.inference.server.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;

/**
 * Who waits for a whole reply. The framework tells of a caller that went away only once a response has begun, and a
 * whole reply begins at its end; so the connection itself is watched.
 */
final class Caller implements AutoCloseable {

    private final Channel connection;
    private final ChannelFutureListener onClose;

    private Caller(Channel connection, ChannelFutureListener onClose) {
        this.connection = connection;
        this.onClose = onClose;
    }

    /** Runs {@code gone} when the connection of {@code request} closes, until the watch is closed. */
    static Caller watch(HttpRequest<?> request, Runnable gone) {
        if (!(request instanceof NettyHttpRequest<?> netty)) {
            throw new IllegalArgumentException("not a request of the Netty server: " + request.getClass());
        }
        Channel connection = netty.getChannelHandlerContext().channel();
        ChannelFutureListener onClose = _ -> gone.run();
        connection.closeFuture().addListener(onClose);
        // An end of stream is seen only while the channel reads.
        connection.read();
        return new Caller(connection, onClose);
    }

    @Override
    public void close() {
        connection.closeFuture().removeListener(onClose);
    }
}
