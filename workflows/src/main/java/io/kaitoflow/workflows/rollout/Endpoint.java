package io.kaitoflow.workflows.rollout;

/**
 * Where a model answers.
 *
 * @param url base address, e.g. {@code http://127.0.0.1:5000}
 * @param model name of the tuned model in the OpenAI API, or of the base model when nothing was tuned
 */
public record Endpoint(String url, String model) {}
