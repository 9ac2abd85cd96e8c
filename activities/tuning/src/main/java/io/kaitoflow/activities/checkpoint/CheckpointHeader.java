package io.kaitoflow.activities.checkpoint;

import io.kaitoflow.presets.Digest;
import java.util.Map;
import java.util.TreeMap;

/**
 * The readable part of a checkpoint.
 *
 * @param run digest of everything that decides the run: base model, data, recipe
 * @param position how far it had come
 * @param tensors digest of each tensor's bytes, by name
 */
record CheckpointHeader(Digest run, TrainingPosition position, Map<String, Digest> tensors) {

    CheckpointHeader {
        tensors = new TreeMap<>(tensors);
    }
}
