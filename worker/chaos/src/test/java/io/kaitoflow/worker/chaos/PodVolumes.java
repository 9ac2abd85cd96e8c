package io.kaitoflow.worker.chaos;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretProjection;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Volumes of a pod as folders.
 *
 * @param client reads what is mounted
 * @param namespace of the pod
 * @param place a folder for each volume, by name
 */
record PodVolumes(KubernetesClient client, String namespace, Path place) {

    void fill(PodSpec spec) throws IOException {
        for (Volume volume : spec.getVolumes()) {
            if (volume.getConfigMap() != null) {
                files(volume.getName(), volume.getConfigMap().getName());
            } else if (volume.getProjected() != null) {
                for (var source : volume.getProjected().getSources()) {
                    secret(volume.getName(), Objects.requireNonNull(source.getSecret()));
                }
            } else if (volume.getHostPath() != null) {
                folder(volume.getName(), Path.of(volume.getHostPath().getPath()));
            }
        }
    }

    /** The model cache lies in the home and is written to; everything else is only read. */
    private void folder(String volume, Path path) throws IOException {
        if (volume.equals("models")) {
            Files.createSymbolicLink(place.resolve("home").resolve("models"), path);
            return;
        }
        try (Stream<Path> all = Files.list(path)) {
            for (Path file : all.toList()) {
                Files.copy(file, place.resolve(volume).resolve(file.getFileName()));
            }
        }
    }

    private void files(String volume, String name) throws IOException {
        ConfigMap map =
                client.configMaps().inNamespace(namespace).withName(name).get();
        for (var entry : map.getData().entrySet()) {
            Files.writeString(place.resolve(volume).resolve(entry.getKey()), entry.getValue());
        }
    }

    private void secret(String volume, SecretProjection source) throws IOException {
        Secret secret = client.secrets()
                .inNamespace(namespace)
                .withName(source.getName())
                .get();
        if (secret != null) {
            for (var item : source.getItems()) {
                Path file = place.resolve(volume).resolve(item.getPath());
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                Files.write(file, Base64.getDecoder().decode(secret.getData().get(item.getKey())));
            }
        }
    }
}
