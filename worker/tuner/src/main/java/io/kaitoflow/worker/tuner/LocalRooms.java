package io.kaitoflow.worker.tuner;

import io.kaitoflow.activities.dataset.DatasetPreparation;
import io.kaitoflow.activities.dataset.HubTokens;
import io.kaitoflow.activities.dataset.download.AllowedHosts;
import io.kaitoflow.activities.dataset.source.DatasetFetcher;
import io.kaitoflow.activities.dataset.source.FetchSettings;
import io.kaitoflow.activities.dataset.source.ImageFolders;
import io.kaitoflow.activities.dataset.tokens.TokenisedDatasets;
import io.kaitoflow.activities.image.AdapterImages;
import io.kaitoflow.activities.image.CredentialSearch;
import io.kaitoflow.activities.image.ImageStores;
import io.kaitoflow.activities.image.Pulse;
import io.kaitoflow.activities.image.RegistryCredentials;
import io.kaitoflow.activities.image.checkpoint.CheckpointImages;
import io.kaitoflow.activities.image.layout.LayoutImages;
import io.kaitoflow.activities.image.login.HelperPrograms;
import io.kaitoflow.activities.image.login.PodIdentity;
import io.kaitoflow.activities.image.registry.RegistryTimeouts;
import io.kaitoflow.activities.image.report.ReportImages;
import io.kaitoflow.activities.image.target.RegistryOrLayout;
import io.kaitoflow.activities.model.HubToken;
import io.kaitoflow.activities.model.ModelSettings;
import io.kaitoflow.activities.model.ModelStore;
import io.kaitoflow.activities.tuning.CheckpointDepots;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.SecretReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rooms of one workspace on this machine, furnished alike for the command that looks and the tuner that works.
 *
 * @param home of this machine
 * @param objects of the workspace
 * @param environment of this process
 * @param layout keeps images of registries that nobody answers for; absent where it would be lost
 * @param login the user's own at registries, beside the secrets
 */
public record LocalRooms(
        LocalHome home,
        WorkspaceObjects objects,
        Map<String, String> environment,
        Optional<Path> layout,
        Optional<Path> login) {

    private static final String HUB_TOKEN = "HF_TOKEN";
    private static final String DOCKER_CONFIG = ".dockerconfigjson";

    public LocalRooms {
        environment = Map.copyOf(environment);
    }

    /** Of local mode: the home is the registry where no other answers. */
    public LocalRooms(LocalHome home, LocalObjects objects, Map<String, String> environment) {
        this(
                home,
                objects,
                environment,
                Optional.of(home.images()),
                Optional.of(CredentialSearch.userFile(environment)));
    }

    /** Of a pod: what is not pushed is lost, and the installation's own secret, if it has one, opens its mirror. */
    static LocalRooms ofPod(LocalHome home, WorkspaceObjects objects, Map<String, String> environment) {
        return new LocalRooms(
                home,
                objects,
                environment,
                Optional.empty(),
                Optional.ofNullable(environment.get("KAITOFLOW_LOGIN")).map(Path::of));
    }

    /** The base models of this machine. */
    public ModelStore models() {
        return new ModelStore(ModelSettings.of(home.models(), environment), dataImages());
    }

    /** Brings model and rows here. */
    public DatasetPreparation preparation() {
        return new DatasetPreparation(
                models(),
                hubTokens(),
                new DatasetFetcher(
                        new FetchSettings(
                                home.root().resolve("downloads"),
                                AllowedHosts.of(environment).hosts()),
                        objects::data,
                        dataImages(),
                        images(Pulse.none())::resolve),
                new TokenisedDatasets(home.root().resolve("datasets")));
    }

    /** Adapter images in the registries that answer, else in this machine's layout. */
    public AdapterImages images(Pulse pulse) {
        return new AdapterImages(stores(pulse), home.scratch());
    }

    /** Training reports beside those images. */
    public ReportImages reports(Pulse pulse) {
        return new ReportImages(stores(pulse), home.scratch());
    }

    /** Where checkpoints outlive the machine: beside the result. A user's own machine outlives its processes, and keeps its own. */
    CheckpointDepots depots() {
        return layout.isPresent()
                ? CheckpointDepots.none()
                : (id, job, run) -> switch (job.output()) {
                    case OutputTarget.Image image ->
                        new RegistryDepot(
                                new CheckpointImages(stores(Pulse.none()), home.scratch()),
                                new CheckpointImages.Place(
                                        image.image(),
                                        image.pushSecret().stream().toList(),
                                        id.uid()),
                                run);
                    case OutputTarget.Volume volume ->
                        new VolumeDepot(objects.results(volume.volume()).resolve(".checkpoints-" + id.uid()), run);
                };
    }

    private ImageStores stores(Pulse pulse) {
        RegistryCredentials secrets = secret -> objects.secretKey(secret, DOCKER_CONFIG);
        return new RegistryOrLayout(
                new CredentialSearch(
                        secrets,
                        login,
                        HelperPrograms.on(environment.getOrDefault("PATH", "")),
                        new PodIdentity(environment)),
                layout.map(LayoutImages::new),
                RegistryTimeouts.usual(),
                pulse);
    }

    /** The folder of an adapter that was pushed; pulled unless it is here. */
    public Path adapter(ImageReference image, List<SecretReference> secrets) {
        AdapterImages images = images(Pulse.none());
        Digest digest = images.resolve(image, secrets);
        Path folder = home.adapters().resolve(digest.hex());
        if (!Files.isDirectory(folder)) {
            images.pull(image, digest, secrets, folder);
        }
        return folder;
    }

    /** The token of the named secret, else the environment's. */
    public HubTokens hubTokens() {
        return (workspace, secret) -> secret.flatMap(named -> objects.secretKey(named, HUB_TOKEN))
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip())
                .or(() -> Optional.ofNullable(environment.get(HUB_TOKEN)))
                .map(HubToken::new);
    }

    private ImageFolders dataImages() {
        return (image, secrets, folder, target, listener) ->
                images(() -> listener.report("pulling " + image, 0, 0)).copy(image, secrets, folder, target);
    }
}
