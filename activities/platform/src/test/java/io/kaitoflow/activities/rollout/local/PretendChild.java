package io.kaitoflow.activities.rollout.local;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Stands for tuner and server: a JVM that listens where it is told, never listens when its model is called silent, ends at once when
 * it is called broken, and takes memory until it is killed when it is told to be greedy.
 */
public final class PretendChild {

    private static final long GREED = 8L << 20;

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
            serve(Integer.parseInt(after(arguments, "--port")), Path.of(after(arguments, "--adapter-list")));
        }
        if ("greedy".equals(System.getenv("PRETEND"))) {
            takeAllMemory();
        }
        System.in.transferTo(OutputStream.nullOutputStream());
        System.exit(0);
    }

    /** As native libraries take it: the JVM does not count it. */
    private static void takeAllMemory() {
        while (true) {
            var unused = Arena.global().allocate(GREED).fill((byte) 1);
        }
    }

    private static String after(List<String> arguments, String name) {
        return arguments.get(arguments.indexOf(name) + 1);
    }

    private static void serve(int port, Path list) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext("/health", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.createContext("/health/adapters", exchange -> {
            String text = Files.readString(list);
            String revision = text.replaceFirst(".*\"revision\":\"([0-9a-f]+)\".*", "$1");
            String refusal = text.contains("misfit") ? "\"It does not fit the model.\"" : "null";
            byte[] standing = "{\"revision\":\"%s\",\"refusal\":%s}"
                    .formatted(revision, refusal)
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, standing.length);
            exchange.getResponseBody().write(standing);
            exchange.close();
        });
        server.start();
    }
}
