package io.kaitoflow.temporal.codec;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.Payloads;
import io.temporal.common.converter.DataConverterException;
import io.temporal.payload.codec.PayloadCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/**
 * Temporal's codec protocol: {@code POST /encode} and {@code /decode} with payloads as JSON, for its Web UI and command line. It is
 * opened by {@code Authorization: Bearer TOKEN}, or by {@code /TOKEN} before the path, for a page that can send no header of its user's.
 */
public final class CodecEndpoint implements AutoCloseable {

    private static final int LARGEST_BODY = 8 << 20;
    private static final int NO_CONTENT = HttpURLConnection.HTTP_NO_CONTENT;
    private static final String BEARER = "Bearer ";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CodecSettings settings;
    private final Map<String, UnaryOperator<List<Payload>>> verbs;

    private CodecEndpoint(CodecSettings settings, PayloadCodec codec) throws IOException {
        this.settings = settings;
        verbs = Map.of("/encode", codec::encode, "/decode", codec::decode);
        server = HttpServer.create(settings.address(), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /**
     * Starts serving.
     *
     * @throws UncheckedIOException when the address is taken
     */
    public static CodecEndpoint start(CodecSettings settings, PayloadCodec codec) {
        try {
            return new CodecEndpoint(settings, codec);
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to listen on " + settings.address() + ": " + e.getMessage(), e);
        }
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            allowOrigin(exchange);
            if (exchange.getRequestMethod().equals("OPTIONS")) {
                exchange.sendResponseHeaders(NO_CONTENT, -1);
            } else {
                answer(exchange);
            }
        }
    }

    /** A browser lets a page of another origin read an answer that names it. */
    private void allowOrigin(HttpExchange exchange) {
        String origin = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Origin"), "");
        if (settings.origins().contains(origin)) {
            Headers headers = exchange.getResponseHeaders();
            headers.set("Access-Control-Allow-Origin", origin);
            headers.set("Access-Control-Allow-Methods", "POST, OPTIONS");
            headers.set("Access-Control-Allow-Headers", "authorization, content-type, x-namespace");
            headers.set("Access-Control-Allow-Credentials", "true");
            headers.set("Vary", "Origin");
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String verb = path.substring(path.lastIndexOf('/'));
        UnaryOperator<List<Payload>> codec = verbs.get(verb);
        if (codec == null || !exchange.getRequestMethod().equals("POST")) {
            send(exchange, HttpURLConnection.HTTP_NOT_FOUND, "POST payloads to /encode or /decode.");
        } else if (!opened(exchange, path.substring(0, path.length() - verb.length()))) {
            send(exchange, HttpURLConnection.HTTP_UNAUTHORIZED, "The token is missing or wrong.");
        } else {
            code(exchange, codec);
        }
    }

    private boolean opened(HttpExchange exchange, String before) throws IOException {
        String header = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), "");
        String shown = header.startsWith(BEARER) ? header.substring(BEARER.length()) : before.replaceFirst("^/", "");
        byte[] token = Files.readString(settings.token()).strip().getBytes(StandardCharsets.UTF_8);
        return token.length > 0 && MessageDigest.isEqual(token, shown.getBytes(StandardCharsets.UTF_8));
    }

    private static void code(HttpExchange exchange, UnaryOperator<List<Payload>> codec) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        if (body.length > LARGEST_BODY) {
            send(exchange, HttpURLConnection.HTTP_ENTITY_TOO_LARGE, "At most " + LARGEST_BODY + " bytes.");
            return;
        }
        try {
            Payloads.Builder asked = Payloads.newBuilder();
            JsonFormat.parser().ignoringUnknownFields().merge(new String(body, StandardCharsets.UTF_8), asked);
            Payloads coded = Payloads.newBuilder()
                    .addAllPayloads(codec.apply(asked.getPayloadsList()))
                    .build();
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            send(exchange, HttpURLConnection.HTTP_OK, JsonFormat.printer().print(coded));
        } catch (InvalidProtocolBufferException | DataConverterException bad) {
            send(exchange, HttpURLConnection.HTTP_BAD_REQUEST, String.valueOf(bad.getMessage()));
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
