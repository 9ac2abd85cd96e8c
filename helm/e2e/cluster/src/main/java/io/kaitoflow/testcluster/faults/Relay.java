package io.kaitoflow.testcluster.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The network between two parts: passes bytes on as they are, until somebody cuts it or lets answers get lost. */
public final class Relay implements AutoCloseable {

    /** What becomes of bytes. */
    public enum State {
        /** They pass. */
        OPEN,
        /** Connections break, and new ones break at once. */
        CUT,
        /** Requests arrive, answers do not: what was asked for is done, and nobody hears of it. */
        DEAF
    }

    private static final int BUFFER = 1 << 16;
    private static final int CONNECT_MILLIS = 2000;

    private final ServerSocket door;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile State state = State.OPEN;

    private Relay(int target) {
        try {
            this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to open a relay", e);
        }
        this.target = target;
        Thread.ofVirtual().name("relay").start(this::accept);
    }

    /** @param target port of 127.0.0.1 whose server may come and go */
    public static Relay to(int target) {
        return new Relay(target);
    }

    /** The port of 127.0.0.1 by which the target is reached through this. */
    public int port() {
        return door.getLocalPort();
    }

    /** From now on; what was connected breaks, except that nobody notices when answers begin to get lost. */
    public void be(State next) {
        State before = state;
        state = next;
        if (next == State.CUT || before == State.DEAF) {
            breakAll();
        }
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket near = door.accept();
                Thread.ofVirtual().start(() -> connect(near));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket near) {
        sockets.add(near);
        if (state == State.CUT) {
            end(near);
            return;
        }
        Socket far = new Socket();
        sockets.add(far);
        try {
            far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), CONNECT_MILLIS);
        } catch (IOException nobody) {
            end(near);
            end(far);
            return;
        }
        Thread.ofVirtual().start(() -> pump(near, far, false));
        pump(far, near, true);
    }

    private void pump(Socket from, Socket to, boolean answers) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (!answers || state != State.DEAF) {
                    out.write(buffer, 0, read);
                }
            }
        } catch (IOException broken) {
            // Both sides learn it below.
        } finally {
            end(from);
            end(to);
        }
    }

    private void breakAll() {
        sockets.forEach(this::end);
    }

    private void end(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException ended) {
            // It is over either way.
        }
    }

    @Override
    public void close() {
        state = State.CUT;
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            breakAll();
        }
    }
}
