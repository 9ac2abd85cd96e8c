package io.kaitoflow.activities.preflight;

/**
 * Everything outside that a run depends on.
 *
 * @param dataset training rows
 * @param model base model
 * @param adapters that are served beside it, from images
 * @param volumes with adapters
 * @param push the place of the result
 * @param pods that tune and serve
 */
public record Surroundings(
        DatasetInspection dataset,
        ModelAvailability model,
        AdapterAvailability adapters,
        AdapterInspection volumes,
        PushPermission push,
        PodTrial pods) {}
