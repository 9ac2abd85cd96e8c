package io.kaitoflow.worker.cli.local;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.kaitoflow.activities.dataset.download.AllowedHosts;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.manifest.Manifest;
import io.kaitoflow.bridge.manifest.ManifestException;
import io.kaitoflow.bridge.manifest.ManifestReader;
import io.kaitoflow.bridge.translate.NamedObjects;
import io.kaitoflow.bridge.translate.ObservedWorkspace;
import io.kaitoflow.bridge.translate.ReferencedObjects;
import io.kaitoflow.bridge.translate.Translation;
import io.kaitoflow.bridge.translate.TranslatorSettings;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.presets.PresetCatalogue;
import io.kaitoflow.worker.cli.terminal.CommandFailure;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code kubectl apply} and the bridge do together, from a file: read, add what the user's own login stands for, translate.
 *
 * @param manifest as read, with the user's login where the file names a secret that it does not hold
 * @param translation of it
 */
public record LocalApply(Manifest manifest, Translation translation) {

    /** Where a hub token is kept in a secret. */
    static final String HUB_TOKEN = "HF_TOKEN";

    /** Where registry credentials are kept in a secret. */
    static final String DOCKER_CONFIG = ".dockerconfigjson";

    /**
     * @param machines whose kinds the file may name
     * @param login stands for secrets that the file does not hold
     * @param mirrors that data may come from although they are private
     * @throws CommandFailure when no workspace can be read from the file
     */
    public static LocalApply of(Path file, GpuCatalogue machines, UserLogin login, AllowedHosts mirrors, Clock clock) {
        try {
            Manifest read = atItsPlace(new ManifestReader().read(file), file);
            Manifest complete = withLogin(read, login);
            WorkspaceTranslator translator = new WorkspaceTranslator(
                    PresetCatalogue.load(), machines, new TranslatorSettings(mirrors.hosts(), false), clock);
            return new LocalApply(complete, complete.translatedBy(translator));
        } catch (ManifestException e) {
            throw new CommandFailure(ExitCode.REFUSED, String.valueOf(e.getMessage()));
        }
    }

    /** Which wish the file is; files have no versions, so the time at which it was applied orders them. */
    public ObservedWorkspace observed(Clock clock) {
        Workspace workspace = manifest.workspace();
        workspace.getMetadata().setResourceVersion(String.valueOf(clock.millis()));
        return new ObservedWorkspace(workspace, manifest.references());
    }

    Collection<ConfigMap> configMaps() {
        return manifest.references().configMaps().values();
    }

    Collection<Secret> secrets() {
        return manifest.references().secrets().values();
    }

    /** A relative hostPath means a place beside the file, wherever the command is run from. */
    private static Manifest atItsPlace(Manifest manifest, Path file) {
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
        HostPaths.resolve(manifest.workspace(), folder);
        return manifest;
    }

    private static Manifest withLogin(Manifest manifest, UserLogin login) {
        ReferencedObjects given = manifest.references();
        List<Secret> secrets = new ArrayList<>(given.secrets().values());
        NamedObjects.of(manifest.workspace()).secrets().stream()
                .filter(name -> given.secret(name).isEmpty())
                .map(name -> secret(name, login))
                .forEach(secrets::add);
        ReferencedObjects complete = ReferencedObjects.of(given.configMaps().values(), secrets);
        return new Manifest(manifest.workspace(), complete, manifest.refusals(), manifest.notes());
    }

    private static Secret secret(String name, UserLogin login) {
        SecretBuilder secret =
                new SecretBuilder().withNewMetadata().withName(name).endMetadata();
        Map<String, String> data = login.data();
        return secret.withData(data).build();
    }
}
