package io.kaitoflow.worker.control;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kaitoflow.activities.image.AdapterImages;
import io.kaitoflow.activities.image.CredentialSearch;
import io.kaitoflow.activities.image.ImageStores;
import io.kaitoflow.activities.image.Pulse;
import io.kaitoflow.activities.image.checkpoint.CheckpointImages;
import io.kaitoflow.activities.image.registry.RegistryTimeouts;
import io.kaitoflow.activities.image.target.RegistryOrLayout;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Registries as the secrets of a workspace's namespace open them, or its service account; a secret is read when it is used, and not kept. */
record ClusterImages(KubernetesClient client, Optional<PushSettings> push) {

    private static final String DOCKER_CONFIG = ".dockerconfigjson";

    private static final Path SCRATCH = Path.of(System.getProperty("java.io.tmpdir"));

    AdapterImages of(WorkspaceId id) {
        return new AdapterImages(stores(id), SCRATCH);
    }

    CheckpointImages checkpoints(WorkspaceId id) {
        return new CheckpointImages(stores(id), SCRATCH);
    }

    private ImageStores stores(WorkspaceId id) {
        CredentialSearch credentials = new CredentialSearch(
                secret -> dockerConfig(id.namespace(), secret),
                Optional.empty(),
                CredentialSearch.Keychains.none(),
                identity(id.namespace()));
        return new RegistryOrLayout(credentials, Optional.empty(), RegistryTimeouts.usual(), Pulse.none());
    }

    private CredentialSearch.Identity identity(String namespace) {
        return push.<CredentialSearch.Identity>map(settings -> new NamespaceIdentity(client, settings, namespace))
                .orElseGet(CredentialSearch.Identity::none);
    }

    private Optional<byte[]> dockerConfig(String namespace, SecretReference reference) {
        Secret secret = client.secrets()
                .inNamespace(namespace)
                .withName(reference.name())
                .get();
        return Optional.ofNullable(secret)
                .map(found -> Objects.requireNonNullElse(found.getData(), Map.<String, String>of())
                        .get(DOCKER_CONFIG))
                .map(encoded -> Base64.getDecoder().decode(encoded));
    }
}
