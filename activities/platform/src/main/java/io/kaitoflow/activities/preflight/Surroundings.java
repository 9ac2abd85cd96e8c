package io.kaitoflow.activities.preflight;

import java.util.List;

/**
 * Everything outside that a run depends on.
 *
 * @param dataset training rows
 * @param model base model
 * @param adapters that are served beside it, from images
 * @param volumes with adapters
 * @param push the place of the result
 * @param pods that tune and serve
 * @param machines that they may run on
 */
public record Surroundings(
        DatasetInspection dataset,
        ModelAvailability model,
        AdapterAvailability adapters,
        AdapterInspection volumes,
        PushPermission push,
        PodTrial pods,
        MachineTrial machines) {

    /** Where any machine may be had. */
    public Surroundings(
            DatasetInspection dataset,
            ModelAvailability model,
            AdapterAvailability adapters,
            AdapterInspection volumes,
            PushPermission push,
            PodTrial pods) {
        this(dataset, model, adapters, volumes, push, pods, input -> List.of());
    }
}
