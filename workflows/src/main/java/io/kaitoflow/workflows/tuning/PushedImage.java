package io.kaitoflow.workflows.tuning;

import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;

/**
 * An adapter image that was pushed, pulled back and verified.
 *
 * @param image with its tag
 * @param digest of its manifest
 * @param location where it lies: a registry's address, or the folder of an OCI layout
 */
public record PushedImage(ImageReference image, Digest digest, String location) {}
