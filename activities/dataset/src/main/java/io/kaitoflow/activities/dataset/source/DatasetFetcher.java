package io.kaitoflow.activities.dataset.source;

import io.kaitoflow.activities.dataset.DatasetException;
import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.dataset.download.DiskSpace;
import io.kaitoflow.activities.dataset.files.Folders;
import io.kaitoflow.activities.dataset.rows.DataFile;
import io.kaitoflow.workflows.request.DataRecipe;
import io.kaitoflow.workflows.request.DatasetSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Brings the files of a data set to this machine, wherever they come from. */
public final class DatasetFetcher {

    private final FetchSettings settings;
    private final Volumes volumes;
    private final ImageFolders images;

    public DatasetFetcher(FetchSettings settings, Volumes volumes, ImageFolders images) {
        this.settings = settings;
        this.volumes = volumes;
        this.images = images;
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
    public List<DataFile> fetch(DatasetSource source, DataRecipe recipe, String owner, ProgressListener listener) {
        try {
            return switch (source) {
                case DatasetSource.Urls urls -> fromUrls(urls, recipe, owner, listener);
                case DatasetSource.Volume volume ->
                    new DataFolder(volumes.mounted(volume.volume()), "the volume").files(recipe);
                case DatasetSource.OciImage image -> fromImage(image, recipe, owner, listener);
            };
        } catch (IOException e) {
            throw DiskSpace.isExhausted(e)
                    ? new DatasetException.DiskFull(settings.downloads(), e)
                    : new DatasetException.Unavailable("The data set cannot be read: " + e + ".", e);
        }
    }

    private List<DataFile> fromUrls(DatasetSource.Urls urls, DataRecipe recipe, String owner, ProgressListener listener)
            throws IOException {
        Path folder = Files.createDirectories(settings.downloads().resolve(owner));
        try (UrlFiles files = new UrlFiles(folder, settings.allowedHosts(), listener)) {
            return urls.urls().stream().map(url -> files.fetch(url, recipe)).toList();
        }
    }

    private List<DataFile> fromImage(
            DatasetSource.OciImage source, DataRecipe recipe, String owner, ProgressListener listener)
            throws IOException {
        String name = source.image().toString().replaceAll("[^A-Za-z0-9.]", "_");
        Path folder = settings.downloads().resolve(owner).resolve(name);
        if (!Files.exists(folder)) {
            Path staging = folder.resolveSibling("." + name + ".staging");
            Folders.delete(staging);
            Files.createDirectories(staging);
            images.copy(source.image(), source.pullSecrets(), "/data", staging, listener);
            Files.move(staging, folder);
        }
        return new DataFolder(folder, source.image().toString()).files(recipe);
    }
}
