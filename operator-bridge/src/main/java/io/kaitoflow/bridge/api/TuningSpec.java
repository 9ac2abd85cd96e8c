package io.kaitoflow.bridge.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What is tuned.
 *
 * @param preset the base model
 * @param method {@code lora} or {@code qlora}, in any case
 * @param config name of a ConfigMap with key {@code training_config.yaml}
 * @param input training rows
 * @param output where the adapter goes
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TuningSpec(
        @Nullable PresetSpec preset,
        @Nullable String method,
        @Nullable String config,
        @Nullable DataSource input,
        @Nullable DataDestination output) {}
