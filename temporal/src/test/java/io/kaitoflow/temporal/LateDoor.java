package io.kaitoflow.temporal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** The way to a server that is not there yet: the first connections break at once, later ones lead to it. */
final class LateDoor implements AutoCloseable {

    private final ServerSocket door;
    private final int target;

    private LateDoor(ServerSocket door, int target) {
        this.door = door;
        this.target = target;
    }

    /** @param breaking how many connections break */
    static LateDoor to(TemporalAddress server, int breaking) {
        try {
            int port = Integer.parseInt(server.target().replaceFirst(".*:", ""));
            LateDoor late = new LateDoor(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
            Thread.ofVirtual().start(() -> late.accept(breaking));
            return late;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    TemporalAddress address() {
        return TemporalAddress.of("127.0.0.1:" + door.getLocalPort());
    }

    private void accept(int breaking) {
        int seen = 0;
        while (!door.isClosed()) {
            try {
                Socket near = door.accept();
                if (seen++ < breaking) {
                    near.close();
                } else {
                    Thread.ofVirtual().start(() -> connect(near));
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket near) {
        try {
            Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
            Thread.ofVirtual().start(() -> pour(near, far));
            pour(far, near);
        } catch (IOException gone) {
            // The client learns it as its connection breaks.
        }
    }

    private static void pour(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException gone) {
            // The other side learns it as this one closes.
        }
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
