package io.kaitoflow.activities.dataset.source;

import io.kaitoflow.activities.dataset.DatasetException;
import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.dataset.download.DiskSpace;
import io.kaitoflow.activities.dataset.files.FetchLock;
import io.kaitoflow.activities.dataset.rows.DataFile;
import io.kaitoflow.workflows.request.DataRecipe;
import io.kaitoflow.workflows.request.DatasetSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Brings the files of a data set to this machine, wherever they come from. */
public final class DatasetFetcher {

    private final FetchSettings settings;
    private final Volumes volumes;
    private final ImageFolders images;
    private final ImageTags tags;

    public DatasetFetcher(FetchSettings settings, Volumes volumes, ImageFolders images, ImageTags tags) {
        this.settings = settings;
        this.volumes = volumes;
        this.images = images;
        this.tags = tags;
    }

    /**
     * The data files, in order. What was downloaded for this owner before is kept, so that a job that goes on after a
     * crash trains on the rows it began with.
     *
     * @param source where they are
     * @param recipe picks path and kind
     * @param owner whose download it is; a name that can be a folder's
     * @throws DatasetException one child per reaction
     */
    public FetchedData fetch(DatasetSource source, DataRecipe recipe, String owner, ProgressListener listener) {
        return fetch(source, recipe, home(owner), Freshness.KEPT, listener);
    }

    /**
     * As {@link #fetch}, but every source is asked whether it has other data by now, as before each new run. Where
     * nobody answers, what is here is kept, and a note says so.
     */
    public FetchedData refresh(DatasetSource source, DataRecipe recipe, String owner, ProgressListener listener) {
        return fetch(source, recipe, home(owner), Freshness.NEWEST, listener);
    }

    private Path home(String owner) {
        return settings.downloads().resolve(owner);
    }

    private FetchedData fetch(
            DatasetSource source, DataRecipe recipe, Path home, Freshness freshness, ProgressListener listener) {
        try {
            return switch (source) {
                case DatasetSource.Urls urls -> fromUrls(urls, recipe, home, freshness, listener);
                case DatasetSource.Volume volume ->
                    inFolder(new DataFolder(volumes.mounted(volume.volume()), "the volume"), recipe, List.of());
                case DatasetSource.OciImage image -> fromImage(image, recipe, home, freshness, listener);
            };
        } catch (IOException e) {
            throw DiskSpace.isExhausted(e)
                    ? new DatasetException.DiskFull(settings.downloads(), e)
                    : new DatasetException.Unavailable("The data set cannot be read: " + e + ".", e);
        }
    }

    private FetchedData fromUrls(
            DatasetSource.Urls urls, DataRecipe recipe, Path home, Freshness freshness, ProgressListener listener)
            throws IOException {
        try (FetchLock _ = lock(home, listener);
                UrlFiles files = new UrlFiles(home, settings.allowedHosts(), listener)) {
            List<DataFile> fetched = urls.urls().stream()
                    .map(url -> files.fetch(url, recipe, freshness))
                    .toList();
            return new FetchedData(fetched, files.notes());
        }
    }

    private FetchedData fromImage(
            DatasetSource.OciImage source, DataRecipe recipe, Path home, Freshness freshness, ProgressListener listener)
            throws IOException {
        ImageData data = new ImageData(home, images, tags, listener);
        try (FetchLock _ = lock(home, listener)) {
            Path folder = data.fetch(source, freshness);
            return inFolder(new DataFolder(folder, source.image().toString()), recipe, data.notes());
        }
    }

    /** A check and a run of one workspace, or two checks, would write into each other's files. */
    private static FetchLock lock(Path home, ProgressListener listener) throws IOException {
        Files.createDirectories(home);
        return FetchLock.acquire(home.resolve(".lock"), "the data set", listener);
    }

    private static FetchedData inFolder(DataFolder folder, DataRecipe recipe, List<String> notes) throws IOException {
        List<DataFile> files = folder.files(recipe);
        Stream<String> split = recipe.path().isPresent() ? Stream.empty() : new SplitNames(files).note().stream();
        return new FetchedData(files, Stream.concat(notes.stream(), split).toList());
    }
}
