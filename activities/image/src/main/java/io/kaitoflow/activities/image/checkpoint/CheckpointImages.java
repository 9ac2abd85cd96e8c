package io.kaitoflow.activities.image.checkpoint;

import io.kaitoflow.activities.image.AdapterImage;
import io.kaitoflow.activities.image.AdapterImages;
import io.kaitoflow.activities.image.FolderLayer;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.activities.image.ImageManifest;
import io.kaitoflow.activities.image.ImageStore;
import io.kaitoflow.activities.image.ImageStores;
import io.kaitoflow.activities.image.Sha256;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.SecretReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checkpoints of one workspace in the repository that its result goes to. A checkpoint is there when its tag is, and then it is whole;
 * those of other workspaces with the same tag are left alone. Errors are {@link ImageException}s.
 */
public final class CheckpointImages {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointImages.class);

    /** The newest of a run that stay. */
    private static final int KEPT = 2;

    private static final String INSIDE = "checkpoint/";
    private static final String RUN = "sh.kaito.checkpoint.run";
    private static final String OWNER = "sh.kaito.checkpoint.workspace";

    /**
     * Whose checkpoints, and where.
     *
     * @param image that the training is to become
     * @param secrets that open its registry
     * @param owner uid of the workspace
     */
    public record Place(ImageReference image, List<SecretReference> secrets, String owner) {
        public Place {
            secrets = List.copyOf(secrets);
        }
    }

    /**
     * A checkpoint that is there.
     *
     * @param step finished optimiser steps
     * @param run digest of what decides the run
     * @param image pinned by its digest
     */
    public record Kept(long step, String run, ImageReference image) {}

    private final ImageStores stores;
    private final AdapterImages images;
    private final Path scratch;

    /** @param scratch folder for files under way; holds nothing between calls */
    public CheckpointImages(ImageStores stores, Path scratch) {
        this.stores = stores;
        this.images = new AdapterImages(stores, scratch);
        this.scratch = scratch;
    }

    /** Puts a checkpoint's folder there, and forgets all but the newest two of this run, and all of this workspace's earlier runs. */
    public void push(Place place, Digest run, long step, Path folder) {
        try (ImageStore store = stores.forPush(place.image(), place.secrets()).store()) {
            Files.createDirectories(scratch);
            Path layer = Files.createTempFile(scratch, "checkpoint-", ".tar");
            try {
                FolderLayer.write(folder, names(folder), INSIDE, layer);
                Map<String, String> annotations = Map.of(RUN, run.value(), OWNER, place.owner());
                store.push(new CheckpointTag(place.image(), step).reference(), AdapterImage.of(layer, annotations));
            } finally {
                Files.deleteIfExists(layer);
            }
            List<Kept> all = newestFirst(place, store);
            Stream<Kept> old =
                    all.stream().filter(kept -> kept.run().equals(run.value())).skip(KEPT);
            Stream<Kept> foreign = all.stream().filter(kept -> !kept.run().equals(run.value()));
            forget(store, Stream.concat(old, foreign).toList());
        } catch (IOException cause) {
            throw ImageException.ofFile("Packing the checkpoint in " + folder, cause);
        }
    }

    /** The workspace's checkpoints, of whatever run. */
    public List<Kept> newestFirst(Place place) {
        try (ImageStore store = stores.forPull(place.image(), Optional.empty(), place.secrets())) {
            return newestFirst(place, store);
        }
    }

    /** Copies a checkpoint's files, every byte checked by its digest, into an empty folder. */
    public void fetch(Place place, Kept kept, Path folder) {
        images.copy(kept.image(), place.secrets(), INSIDE, folder);
    }

    /**
     * Forgets all of the workspace's checkpoints.
     *
     * @return how many were there
     */
    public int forget(Place place) {
        try (ImageStore store = stores.forPull(place.image(), Optional.empty(), place.secrets())) {
            List<Kept> all = newestFirst(place, store);
            forget(store, all);
            return all.size();
        }
    }

    private static List<Kept> newestFirst(Place place, ImageStore store) {
        return store.tags(place.image()).stream()
                .flatMap(tag -> CheckpointTag.of(place.image(), tag).stream())
                .sorted(Comparator.comparingLong(CheckpointTag::step).reversed())
                .flatMap(tag -> read(tag, place.owner(), store).stream())
                .toList();
    }

    /** A tag may go while it is looked at, and in some registries it outlives its image. */
    private static Optional<Kept> read(CheckpointTag tag, String owner, ImageStore store) {
        try {
            byte[] json = store.manifest(tag.reference());
            Map<String, String> annotations =
                    ImageManifest.read(tag.reference(), json).annotations();
            return Optional.of(annotations)
                    .filter(found -> owner.equals(found.get(OWNER)))
                    .map(found -> new Kept(
                            tag.step(),
                            found.getOrDefault(RUN, ""),
                            tag.reference().withDigest(Sha256.of(json))));
        } catch (ImageException.NotAnAdapter gone) {
            return Optional.empty();
        }
    }

    /** Registries with immutable tags refuse, and their owner cleans up by other means. */
    private static void forget(ImageStore store, List<Kept> old) {
        for (Kept each : old) {
            try {
                store.delete(each.image());
            } catch (ImageException.Denied refused) {
                LOG.info("An old checkpoint stays in the registry: {}", refused.getMessage());
                return;
            }
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
