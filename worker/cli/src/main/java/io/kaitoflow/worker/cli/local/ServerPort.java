package io.kaitoflow.worker.cli.local;

import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * Where the model is to answer on this machine.
 *
 * @param number 0 takes any free one
 */
public record ServerPort(int number) {

    private static final String HOST = "127.0.0.1";
    private static final int GREATEST = 65_535;

    public ServerPort {
        if (number < 0 || number > GREATEST) {
            throw new CommandFailure(
                    ExitCode.USAGE, "--port " + number + " is no port; choose one from 1 to " + GREATEST + ", or 0.");
        }
    }

    /** The port that the server will have, looked at before anything is spent. */
    public int chosen() {
        try (ServerSocket socket = new ServerSocket(number, 1, InetAddress.getByName(HOST))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw taken(e);
        }
    }

    /** Looked at before anything is spent, although the server needs it only at the end. */
    public ServerPort free() {
        try (ServerSocket socket = new ServerSocket(number, 1, InetAddress.getByName(HOST))) {
            return this;
        } catch (IOException e) {
            throw taken(e);
        }
    }

    private CommandFailure taken(IOException e) {
        return new CommandFailure(
                ExitCode.REFUSED,
                "Port " + number + " of " + HOST + " cannot be had for the server (" + e.getMessage()
                        + "); nothing was started. End the program that listens there, or choose another with --port"
                        + " (0 takes any free one).");
    }
}
