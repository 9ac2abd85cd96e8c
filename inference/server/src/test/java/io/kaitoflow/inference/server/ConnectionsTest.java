package io.kaitoflow.inference.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Callers that behave badly on the wire: the others must not notice. */
class ConnectionsTest {

    private static final int CONNECTIONS = 10_000;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String BODY = "{\"prompt\": \"hello\", \"model\": \"base\"}";
    private static final String HEAD = "POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Content-Length: " + BODY.length() + "\r\n\r\n";

    @Test
    void tenThousandConnectionsOpenedAndDroppedLeaveNothingBehind() throws IOException {
        ScriptedModel model = ScriptedModel.ready();
        try (ServedModel served = ServedModel.of(model)) {
            int slots = model.freeSlots();
            for (int i = 0; i < CONNECTIONS; i++) {
                try (Socket socket = open(served)) {
                    // Nothing, half a head, a head without its body, or a whole request whose answer nobody reads.
                    String sent = List.of("", HEAD.substring(0, 30), HEAD, HEAD + BODY)
                            .get(i % 4);
                    socket.getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
                }
            }

            // Requests that were sent whole may still be answered, and take the places until then.
            Awaitility.await().atMost(PATIENCE).until(() -> answered(served));
            Awaitility.await().atMost(PATIENCE).until(() -> model.freeSlots() == slots);
        }
    }

    @Test
    void aCallerThatSendsByteByByteIsAnsweredAndHoldsNobodyUp() throws IOException {
        try (ServedModel served = ServedModel.of(ScriptedModel.ready());
                Socket slow = open(served)) {
            OutputStream out = slow.getOutputStream();
            for (byte one : (HEAD + BODY).getBytes(StandardCharsets.US_ASCII)) {
                assertThat(served.get("/health").statusCode()).isEqualTo(200);
                out.write(one);
                out.flush();
            }

            assertThat(head(slow.getInputStream())).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void callersThatDoNotReadTheirStreamsHoldNobodyUp() throws IOException {
        String stream = BODY.replace("}", ", \"stream\": true, \"max_tokens\": 30}");
        String head = HEAD.replaceFirst("Content-Length: \\d+", "Content-Length: " + stream.length());
        ScriptedModel model = ScriptedModel.ready();
        try (ServedModel served = ServedModel.of(model)) {
            int slots = model.freeSlots();
            List<Socket> deaf = new ArrayList<>();
            for (int i = 0; i < slots; i++) {
                Socket socket = open(served);
                socket.setReceiveBufferSize(1);
                socket.getOutputStream().write((head + stream).getBytes(StandardCharsets.US_ASCII));
                deaf.add(socket);
            }

            Awaitility.await().atMost(PATIENCE).until(() -> answered(served));
            for (Socket socket : deaf) {
                socket.close();
            }
            Awaitility.await().atMost(PATIENCE).until(() -> model.freeSlots() == slots);
        }
    }

    private static boolean answered(ServedModel served) {
        return served.post("/v1/completions", BODY).statusCode() == 200;
    }

    private static Socket open(ServedModel served) throws IOException {
        Socket socket = new Socket(served.address().getHost(), served.address().getPort());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        return socket;
    }

    private static String head(InputStream in) throws IOException {
        try {
            return new String(in.readNBytes(15), StandardCharsets.US_ASCII);
        } catch (SocketTimeoutException e) {
            return "no answer: " + e.getMessage();
        }
    }
}
