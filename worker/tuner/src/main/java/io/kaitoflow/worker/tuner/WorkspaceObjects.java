package io.kaitoflow.worker.tuner;

import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.VolumeReference;
import java.nio.file.Path;
import java.util.Optional;

/** Volumes and secrets of one workspace, as this machine has them. */
public interface WorkspaceObjects {

    /** The folder that the training data's volume is. */
    Path data(VolumeReference volume);

    /** The folder that takes results. */
    Path results(VolumeReference volume);

    /** The folder that a volume with adapters is. */
    Path adapters(VolumeReference volume);

    /** One key of a secret, if both are there; read when it is used, and not kept. */
    Optional<byte[]> secretKey(SecretReference secret, String key);
}
