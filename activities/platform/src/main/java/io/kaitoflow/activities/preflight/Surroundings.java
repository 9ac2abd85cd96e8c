package io.kaitoflow.activities.preflight;

/**
 * Everything outside that a run depends on.
 *
 * @param dataset training rows
 * @param model base model
 * @param adapters that are served beside it
 * @param push the place of the result
 */
public record Surroundings(
        DatasetInspection dataset, ModelAvailability model, AdapterAvailability adapters, PushPermission push) {}
