package io.kaitoflow.workflows.rollout;

import java.util.Optional;

/**
 * Where a model answers.
 *
 * @param url base address, e.g. {@code http://127.0.0.1:5000}
 * @param model name of the tuned model in the OpenAI API, or of the base model when nothing was tuned
 * @param remark why another model answers there than was asked for; a sentence
 */
public record Endpoint(String url, String model, Optional<String> remark) {

    /** What was asked for answers. */
    public Endpoint(String url, String model) {
        this(url, model, Optional.empty());
    }
}
