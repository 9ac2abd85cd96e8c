package io.kaitoflow.activities.dataset.source;

import io.kaitoflow.activities.dataset.DatasetException;
import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.dataset.download.AddressRules;
import io.kaitoflow.activities.dataset.download.Addresses;
import io.kaitoflow.activities.dataset.download.Download;
import io.kaitoflow.activities.dataset.download.DownloadException;
import io.kaitoflow.activities.dataset.download.DownloadSettings;
import io.kaitoflow.activities.dataset.download.Downloader;
import io.kaitoflow.activities.dataset.files.Hashing;
import io.kaitoflow.activities.dataset.rows.DataFile;
import io.kaitoflow.activities.dataset.rows.FileKind;
import io.kaitoflow.workflows.request.DataRecipe;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Data files by URL, downloaded once for each version that their server has. */
final class UrlFiles implements AutoCloseable {

    private final Path folder;
    private final ProgressListener listener;
    private final Downloader downloader;
    private final List<String> notes = new ArrayList<>();

    UrlFiles(Path folder, Set<String> allowedHosts, ProgressListener listener) {
        this.folder = folder;
        this.listener = listener;
        this.downloader = new Downloader(DownloadSettings.patient(), AddressRules.publicInternetAnd(allowedHosts));
    }

    /** What the user should know of what was fetched. */
    List<String> notes() {
        return notes;
    }

    DataFile fetch(String url, DataRecipe recipe, Freshness freshness) {
        URI address = parse(url);
        String name = nameIn(address);
        Path target = folder.resolve(key(url) + "-" + name.replaceAll("[^A-Za-z0-9._-]", "_"));
        if (freshness == Freshness.NEWEST || !Files.exists(target)) {
            download(new Download(address, target, name, Optional.empty()));
        }
        return DataFolder.dataFile(target, name, recipe)
                .orElseThrow(() -> new DatasetException.Invalid(Addresses.shown(address) + " is none of "
                        + FileKind.ACCEPTED + " by name or content; set dataset_extension if it is."));
    }

    private static URI parse(String url) {
        try {
            return new URI(url.strip());
        } catch (URISyntaxException e) {
            throw new DatasetException.Refused(
                    "A data set's URL cannot be read at character " + e.getIndex() + ": " + e.getReason() + ".");
        }
    }

    private static String nameIn(URI address) {
        String path = address.getPath() == null ? "" : address.getPath();
        String name = path.substring(path.lastIndexOf('/') + 1);
        return name.isEmpty() ? "data" : name;
    }

    private static String key(String url) {
        return HexFormat.of().formatHex(Hashing.sha256().digest(url.getBytes(StandardCharsets.UTF_8)), 0, 6);
    }

    private void download(Download download) {
        try {
            downloader.refresh(download, listener);
        } catch (DownloadException.Unreachable nobody) {
            keep(download, nobody);
        } catch (DownloadException e) {
            String message = String.valueOf(e.getMessage());
            throw switch (e) {
                case DownloadException.Refused _ -> new DatasetException.Refused(message);
                case DownloadException.DiskFull full -> new DatasetException.DiskFull(full.folder(), e);
                default -> new DatasetException.Unavailable(message, e);
            };
        }
    }

    /** Without a network the copy that is here is better than none, as long as the user knows of it. */
    private void keep(Download download, DownloadException.Unreachable nobody) {
        String message = String.valueOf(nobody.getMessage());
        if (!Files.exists(download.target())) {
            throw new DatasetException.Unavailable(message, nobody);
        }
        notes.add("Whether " + Addresses.shown(download.address())
                + " has other rows by now is not known, and the copy that is here is used: " + message);
    }

    @Override
    public void close() {
        downloader.close();
    }
}
