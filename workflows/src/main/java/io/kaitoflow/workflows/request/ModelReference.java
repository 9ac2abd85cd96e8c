package io.kaitoflow.workflows.request;

import java.util.Optional;

/**
 * The base model.
 *
 * @param preset catalogue name, e.g. {@code phi-3-mini-128k-instruct}
 * @param accessSecret holds the hub token ({@code HF_TOKEN}) of a gated model
 */
public record ModelReference(String preset, Optional<SecretReference> accessSecret) {}
