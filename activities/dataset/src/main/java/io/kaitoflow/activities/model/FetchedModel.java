package io.kaitoflow.activities.model;

import io.kaitoflow.presets.Digest;
import java.nio.file.Path;

/**
 * A base model on this machine, whole and checked.
 *
 * @param path a GGUF file, or the folder of a hub repository's files
 * @param digest of the weights: the file's own where there is one, else the SHA-256 of what {@code sha256sum} prints
 *     for the weight files in the order of their names
 */
public record FetchedModel(Path path, Digest digest) {}
