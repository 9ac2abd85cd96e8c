package io.kaitoflow.bridge.admission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.kaitoflow.bridge.admission.AdmissionReview.Request;
import io.kaitoflow.bridge.api.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a review, has it judged, writes the answer. A question that it cannot read gets a 400, which the API server ignores. */
final class AdmissionHandler implements HttpHandler {

    /** Above the largest object that the API server takes, twice, for an edit holds the old one too. */
    private static final int MOST_BYTES = 8 * 1024 * 1024;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final Logger LOG = LoggerFactory.getLogger(AdmissionHandler.class);

    private final WorkspaceAdmission admission;

    AdmissionHandler(WorkspaceAdmission admission) {
        this.admission = admission;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("POST")) {
                answer(exchange, 405, "Post an AdmissionReview.".getBytes(StandardCharsets.UTF_8));
                return;
            }
            byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
            if (body.length > MOST_BYTES) {
                answer(exchange, 413, "The review is too large.".getBytes(StandardCharsets.UTF_8));
                return;
            }
            review(exchange, body);
        }
    }

    private void review(HttpExchange exchange, byte[] body) throws IOException {
        try {
            Request request = JSON.readValue(body, AdmissionReview.class).request();
            if (request == null || request.object() == null) {
                answer(exchange, 400, "There is no object to judge.".getBytes(StandardCharsets.UTF_8));
                return;
            }
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            answer(exchange, 200, JSON.writeValueAsBytes(judged(request, request.object())));
        } catch (JsonProcessingException e) {
            answer(exchange, 400, e.getOriginalMessage().getBytes(StandardCharsets.UTF_8));
        }
    }

    private AdmissionReview judged(Request request, Workspace workspace) {
        // Always the request's: an object that is being created may not hold it yet.
        workspace.getMetadata().setNamespace(Objects.requireNonNullElse(request.namespace(), "default"));
        return AdmissionReview.of(verdict(request, workspace).response(request.uid(), workspace));
    }

    /** Without an answer the API server may let the object in, and then nobody has asked what its author may do. */
    private Verdict verdict(Request request, Workspace workspace) {
        try {
            return admission.judge(workspace, Optional.ofNullable(request.oldObject()), request.userInfo());
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue("namespace", workspace.getMetadata().getNamespace())
                    .addKeyValue("workspace", workspace.getMetadata().getName())
                    .setCause(e)
                    .log("A workspace could not be judged and is refused");
            return Verdict.unjudged(workspace, e);
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
