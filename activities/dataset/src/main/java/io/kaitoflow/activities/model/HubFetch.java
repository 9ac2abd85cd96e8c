package io.kaitoflow.activities.model;

import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.dataset.download.Download;
import io.kaitoflow.activities.dataset.download.Downloader;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ModelSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Fetches the files of a hub repository into a folder. */
final class HubFetch {

    private final URI base;
    private final Downloader downloader;
    private final Optional<HubToken> token;
    private final ProgressListener listener;

    HubFetch(URI base, Downloader downloader, Optional<HubToken> token, ProgressListener listener) {
        this.base = base;
        this.downloader = downloader;
        this.token = token;
        this.listener = listener;
    }

    ModelManifest fetch(ModelSource.Hub hub, Path folder) throws IOException {
        HubListing listing = list(hub, folder);
        return fetch(hub, listing.commit(), listing.chosen(hub), folder);
    }

    /** Everything but the weights; empty where the tokenizer is in the weights' own file. */
    Optional<ModelManifest> fetchTokenizer(ModelSource.Hub hub, Path folder) throws IOException {
        HubListing listing = list(hub, folder);
        List<HubListing.Entry> small =
                listing.chosen(hub).stream().filter(file -> !file.isWeights()).toList();
        return small.stream().anyMatch(file -> file.path().equals("tokenizer.json"))
                ? Optional.of(fetch(hub, listing.commit(), small, folder))
                : Optional.empty();
    }

    private ModelManifest fetch(ModelSource.Hub hub, String commit, List<HubListing.Entry> wanted, Path folder)
            throws IOException {
        long total = wanted.stream().mapToLong(HubListing.Entry::size).sum();
        long before = 0;
        List<ModelManifest.Entry> done = new ArrayList<>();
        for (HubListing.Entry file : wanted) {
            Digest digest = fetch(hub, commit, file, folder, within(before, total));
            done.add(ModelManifest.Entry.of(folder, file.path(), digest));
            before += file.size();
        }
        return new ModelManifest(done);
    }

    private HubListing list(ModelSource.Hub hub, Path folder) throws IOException {
        boolean pinned = !hub.files().isEmpty()
                && hub.files().stream().allMatch(file -> file.digest().isPresent());
        if (pinned) {
            return HubListing.pinned(hub);
        }
        Path answer = folder.resolve(".listing.json");
        get("/api/models/" + hub.repository() + "/revision/" + hub.revision() + "?blobs=true", answer, listener);
        HubListing listing = HubListing.read(answer);
        Files.delete(answer);
        return listing;
    }

    private Digest fetch(
            ModelSource.Hub hub, String commit, HubListing.Entry file, Path folder, ProgressListener progress)
            throws IOException {
        Path target = folder.resolve(file.path()).normalize();
        if (!target.startsWith(folder)) {
            throw new ModelException.Unavailable("the repository names a file outside itself: " + file.path(), null);
        }
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        String path = "/" + hub.repository() + "/resolve/" + commit + "/" + file.path();
        return new VerifiedFile(target, file.digest(), base + path)
                .fetch(attempt -> get(path, target, progress), progress);
    }

    private void get(String path, Path target, ProgressListener progress) {
        String label = String.valueOf(target.getFileName());
        downloader.fetch(new Download(URI.create(base + path), target, label, token.map(HubToken::value)), progress);
    }

    /** The progress of one file as progress of all of them. */
    private ProgressListener within(long before, long total) {
        return total == 0
                ? listener
                : (activity, done, ofFile) -> listener.report(activity, Math.min(before + done, total), total);
    }
}
