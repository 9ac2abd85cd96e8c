package io.kaitoflow.worker.tuner;

import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.VolumeReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a cluster would mount for one workspace, as folders of files.
 *
 * @param root of ConfigMaps and Secrets, of this workspace alone
 * @param claims of volumes; any workspace may name them, and they outlive it
 */
public record LocalObjects(Path root, Path claims) implements WorkspaceObjects {

    /** The folder that stands for a volume; a claim's folder is made when it is first asked for. */
    public Path volume(VolumeReference volume) {
        return switch (volume) {
            case VolumeReference.ConfigMap map -> configMap(map.name());
            case VolumeReference.Claim claim -> made(claims.resolve(claim.name()));
            case VolumeReference.HostPath host -> Path.of(host.path());
        };
    }

    @Override
    public Path data(VolumeReference volume) {
        return volume(volume);
    }

    @Override
    public Path results(VolumeReference volume) {
        return volume(volume);
    }

    @Override
    public Path adapters(VolumeReference volume) {
        return volume(volume);
    }

    /** The folder whose files are a ConfigMap's keys. */
    public Path configMap(String name) {
        return root.resolve("configmaps").resolve(name);
    }

    /** The folder whose files are a Secret's keys; only its owner can read it. */
    public Path secret(String name) {
        return root.resolve("secrets").resolve(name);
    }

    @Override
    public Optional<byte[]> secretKey(SecretReference secret, String key) {
        Path file = secret(secret.name()).resolve(key);
        try {
            return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("The key " + key + " of secret " + secret.name() + " cannot be read", e);
        }
    }

    private static Path made(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("The volume's folder " + folder + " cannot be made", e);
        }
    }
}
