package io.kaitoflow.workflows.tuning;

import io.kaitoflow.presets.Digest;

/**
 * A trained adapter on the leased machine.
 *
 * @param path folder in PEFT's layout
 * @param digest of adapter_model.safetensors
 * @param steps optimiser steps that made it
 * @param finalLoss mean answer loss of the last steps
 * @param tokens that were trained on
 * @param resumes how often training went on from a checkpoint
 */
public record AdapterArtifact(String path, Digest digest, long steps, double finalLoss, long tokens, int resumes) {

    /** The same bytes in another folder. */
    public AdapterArtifact at(String folder) {
        return new AdapterArtifact(folder, digest, steps, finalLoss, tokens, resumes);
    }
}
