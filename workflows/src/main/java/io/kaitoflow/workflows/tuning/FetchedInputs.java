package io.kaitoflow.workflows.tuning;

import io.kaitoflow.presets.Digest;
import io.kaitoflow.workflows.preflight.DatasetReport;

/**
 * What lies on the leased machine, ready to train on.
 *
 * @param modelPath folder or file of the base model
 * @param modelDigest of its weights
 * @param datasetPath folder of the tokenised rows
 * @param datasetDigest of the rows
 * @param dataset what they hold
 */
public record FetchedInputs(
        String modelPath, Digest modelDigest, String datasetPath, Digest datasetDigest, DatasetReport dataset) {}
