package io.kaitoflow.activities.nodes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.kaitoflow.workflows.nodes.NodeRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request as text, kept at the provider beside its claim, so that a run that lost its memory can adopt it. */
public final class RequestText {

    /** The annotation that holds it where a provider's objects have annotations. */
    public static final String ANNOTATION = "kaito.sh/node-request";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private RequestText() {}

    public static String write(NodeRequest request) {
        try {
            return JSON.writeValueAsString(request);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A request that travels through history cannot be written as JSON", e);
        }
    }

    /** Empty when there is none, or when somebody changed it into something else. */
    public static Optional<NodeRequest> read(@Nullable String text) {
        try {
            return Optional.ofNullable(text == null ? null : JSON.readValue(text, NodeRequest.class));
        } catch (JsonProcessingException changed) {
            return Optional.empty();
        }
    }
}
