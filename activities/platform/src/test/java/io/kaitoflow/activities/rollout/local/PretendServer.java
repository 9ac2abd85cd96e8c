package io.kaitoflow.activities.rollout.local;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;

/** A child process of the tests: healthy at once, or ended at once when its model is called broken. */
public final class PretendServer {

    private PretendServer() {}

    /** Listens until standard input ends. */
    public static void main(String[] args) throws IOException {
        List<String> arguments = Arrays.asList(args);
        if (after("--model", arguments).contains("broken")) {
            System.exit(7);
        }
        int port = Integer.parseInt(after("--port", arguments));
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext("/health", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        System.in.transferTo(java.io.OutputStream.nullOutputStream());
        System.exit(0);
    }

    private static String after(String option, List<String> arguments) {
        return arguments.get(arguments.indexOf(option) + 1);
    }
}
