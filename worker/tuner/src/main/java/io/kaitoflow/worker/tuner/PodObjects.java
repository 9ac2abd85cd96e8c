package io.kaitoflow.worker.tuner;

import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.VolumeReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the kubelet mounted. A pod has one volume of data and one of results, so which one was named does not matter here.
 *
 * @param secrets folder of folders, one a secret
 * @param data where training data is mounted
 * @param results where results are taken
 * @param adapterVolumes folder of volumes with adapters, each by its key
 */
record PodObjects(Path secrets, Path data, Path results, Path adapterVolumes) implements WorkspaceObjects {

    /** Where pods have them, unless the environment says otherwise. */
    static PodObjects in(Path secrets, Map<String, String> environment) {
        return new PodObjects(
                secrets,
                Path.of(environment.getOrDefault("KAITOFLOW_DATA", "/mnt/data")),
                Path.of(environment.getOrDefault("KAITOFLOW_RESULTS", "/mnt/results")),
                Path.of(environment.getOrDefault("KAITOFLOW_ADAPTERS", "/mnt/adapters")));
    }

    @Override
    public Path data(VolumeReference volume) {
        return data;
    }

    @Override
    public Path results(VolumeReference volume) {
        return results;
    }

    @Override
    public Path adapters(VolumeReference volume) {
        return adapterVolumes.resolve(volume.key());
    }

    @Override
    public Optional<byte[]> secretKey(SecretReference secret, String key) {
        Path file = secrets.resolve(secret.name()).resolve(key);
        try {
            return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("The key " + key + " of secret " + secret.name() + " cannot be read", e);
        }
    }
}
