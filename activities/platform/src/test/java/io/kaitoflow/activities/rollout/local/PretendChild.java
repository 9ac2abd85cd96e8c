package io.kaitoflow.activities.rollout.local;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.List;

/** Stands for tuner and server: a JVM that listens where it is told, never listens
 * when its model is called silent, and ends at once when it is called broken. */
public final class PretendChild {

    private PretendChild() {}

    /** Runs until standard input ends. */
    public static void main(String[] args) throws IOException {
        List<String> arguments = List.of(args);
        System.out.println("arguments " + String.join(" ", arguments));
        System.out.println("environment " + System.getenv("PRETEND"));
        if (arguments.contains("broken")) {
            System.err.println("cannot read the model");
            System.exit(7);
        }
        if (arguments.contains("--port") && !arguments.contains("silent")) {
            serve(Integer.parseInt(arguments.get(arguments.indexOf("--port") + 1)));
        }
        System.in.transferTo(OutputStream.nullOutputStream());
        System.exit(0);
    }

    private static void serve(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext("/health", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }
}
