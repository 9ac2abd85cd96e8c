package io.kaitoflow.inference.server.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaitoflow.inference.model.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The base model that is served, and what it is known to be.
 *
 * @param path GGUF file, or folder as the model hub lays it out
 * @param name that callers use
 * @param digest of its weights; empty where nobody said it, and then no adapter is judged by it
 */
public record ServedBase(Path path, String name, Optional<String> digest) {

    private static final Logger LOG = LoggerFactory.getLogger(ServedBase.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** What our own tuner writes beside an adapter. */
    private static final String ORIGIN = "kaitoflow.json";

    /** Of an adapter that says on which weights it was trained. */
    private record Origin(String model, String weights) {}

    /**
     * Warns of an adapter that was trained on other weights of the same model.
     *
     * @throws ModelException when it was trained on another model
     */
    void judge(Path adapter) {
        origin(adapter)
                .filter(origin ->
                        digest.filter(known -> !known.equals(origin.weights())).isPresent())
                .ifPresent(origin -> {
                    if (!origin.model().equals(name)) {
                        throw new ModelException(
                                "The adapter was trained on " + origin.model() + " (" + origin.weights()
                                        + "), and this server serves " + name + ". Serve it on its own base model.");
                    }
                    LOG.warn(
                            "The adapter in {} was trained on {} of {}, and is served on another form of it: replies may"
                                    + " differ from those of its evaluation.",
                            adapter,
                            origin.weights(),
                            name);
                });
    }

    private static Optional<Origin> origin(Path adapter) {
        Path file = adapter.resolve(ORIGIN);
        try {
            JsonNode texts = Files.exists(file) ? JSON.readTree(file.toFile()) : JSON.createObjectNode();
            return texts.hasNonNull("kaitoflow.base_model") && texts.hasNonNull("kaitoflow.base_weights")
                    ? Optional.of(new Origin(
                            texts.get("kaitoflow.base_model").asText(),
                            texts.get("kaitoflow.base_weights").asText()))
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            throw new ModelException(file + " is no JSON (" + e.getOriginalMessage() + ").", e);
        } catch (IOException e) {
            throw new UncheckedIOException("Reading " + file, e);
        }
    }
}
