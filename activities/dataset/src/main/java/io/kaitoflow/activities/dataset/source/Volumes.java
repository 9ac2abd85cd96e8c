package io.kaitoflow.activities.dataset.source;

import io.kaitoflow.workflows.request.VolumeReference;
import java.nio.file.Path;

/** Knows where volumes are mounted on this machine; the worker implements it. */
@FunctionalInterface
public interface Volumes {

    /** The folder, or the single file, that the volume is here. */
    Path mounted(VolumeReference volume);
}
