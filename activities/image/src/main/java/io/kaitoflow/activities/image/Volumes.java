package io.kaitoflow.activities.image;

import io.kaitoflow.workflows.request.VolumeReference;
import java.nio.file.Path;

/** Where volumes are mounted in this process. */
@FunctionalInterface
public interface Volumes {

    /** The folder that takes results. */
    Path results(VolumeReference volume);
}
