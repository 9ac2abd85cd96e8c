package io.kaitoflow.workflows.rollout;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a model answers.
 *
 * @param url base address, e.g. {@code http://127.0.0.1:5000}
 * @param model name of the tuned model in the OpenAI API, or of the base model when nothing was tuned
 * @param remark why another model answers there than was asked for; a sentence
 * @param adapters that answer there, by digest
 * @param speed where it was measured
 */
public record Endpoint(
        String url, String model, Optional<String> remark, List<ServedAdapter> adapters, Optional<ServingSpeed> speed) {

    public Endpoint {
        // Absent from what older runs said.
        adapters = List.copyOf(Objects.requireNonNullElse(adapters, List.of()));
        speed = Objects.requireNonNullElse(speed, Optional.empty());
    }

    /** What was asked for answers. */
    public Endpoint(String url, String model) {
        this(url, model, Optional.empty(), List.of());
    }

    /** Nobody measured how fast. */
    public Endpoint(String url, String model, Optional<String> remark, List<ServedAdapter> adapters) {
        this(url, model, remark, adapters, Optional.empty());
    }

    /** The same, although another was asked for. */
    public Endpoint with(String why) {
        return new Endpoint(url, model, Optional.of(why), adapters, speed);
    }

    /** The same, measured. */
    public Endpoint with(ServingSpeed measured) {
        return new Endpoint(url, model, remark, adapters, Optional.of(measured));
    }
}
