package io.kaitoflow.activities.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store of images promises. */
public abstract class ImageStoreContract {

    private static final String TOLD = "application/vnd.kaitoflow.test.told";
    private static final Blob.InMemory NOTHING = Blob.of(MediaTypes.EMPTY, "{}".getBytes(StandardCharsets.UTF_8));

    @TempDir
    protected Path work;

    /** A store that takes pushes; the suite closes it. */
    protected abstract ImageStore store();

    /** A name in that store, not used before. */
    protected abstract ImageReference image(String repository);

    @Test
    void whatWasPushedIsPulledByTagAndByDigest() throws IOException {
        ImageReference name = image("adapters/both");
        AdapterImage image = AdapterFixture.image(work, 1);
        try (ImageStore store = store()) {
            store.push(name, image);

            assertThat(store.manifest(name)).isEqualTo(image.manifest().content());
            assertThat(store.manifest(name.withDigest(image.digest())))
                    .isEqualTo(image.manifest().content());
        }
    }

    @Test
    void blobsAreDownloadedWhole() throws IOException {
        ImageReference name = image("adapters/blobs");
        AdapterImage image = AdapterFixture.image(work, 2);
        Path file = work.resolve("downloaded");
        try (ImageStore store = store()) {
            store.push(name, image);
            store.download(name, image.layer().descriptor(), file);
        }

        assertThat(file).hasSameBinaryContentAs(image.layer().file());
    }

    @Test
    void pushingTwiceIsOneImage() throws IOException {
        ImageReference name = image("adapters/twice");
        AdapterImage image = AdapterFixture.image(work, 3);
        try (ImageStore store = store()) {
            store.push(name, image);
            store.push(name, image);

            assertThat(store.manifest(name)).isEqualTo(image.manifest().content());
        }
    }

    @Test
    void aTagMovesAndTheOldDigestStays() throws IOException {
        ImageReference name = image("adapters/moving");
        AdapterImage old = AdapterFixture.image(work, 4);
        AdapterImage fresh = AdapterFixture.image(work, 5);
        try (ImageStore store = store()) {
            store.push(name, old);
            store.push(name, fresh);

            assertThat(store.manifest(name)).isEqualTo(fresh.manifest().content());
            assertThat(store.manifest(name.withDigest(old.digest())))
                    .isEqualTo(old.manifest().content());
        }
    }

    @Test
    void tagsOfOneRepositoryAreKeptApart() throws IOException {
        ImageReference name = image("adapters/tags");
        AdapterImage one = AdapterFixture.image(work, 6);
        AdapterImage two = AdapterFixture.image(work, 7);
        try (ImageStore store = store()) {
            store.push(name.withTag("one"), one);
            store.push(name.withTag("two"), two);

            assertThat(store.manifest(name.withTag("one")))
                    .isEqualTo(one.manifest().content());
        }
    }

    @Test
    void anImageThatIsNotThereIsNamed() throws IOException {
        ImageReference name = image("adapters/absent");
        Digest unknown = Sha256.of(new byte[] {1});
        try (ImageStore store = store()) {
            store.push(image("adapters/other"), AdapterFixture.image(work, 8));

            assertThatThrownBy(() -> store.manifest(name))
                    .isInstanceOf(ImageException.NotAnAdapter.class)
                    .hasMessageContaining(name.toString());
            assertThatThrownBy(() -> store.manifest(name.withDigest(unknown)))
                    .isInstanceOf(ImageException.NotAnAdapter.class)
                    .hasMessageContaining(unknown.toString());
        }
    }

    @Test
    void tagsOfARepositoryAreListedAndOfNoOther() throws IOException {
        ImageReference name = image("adapters/listed");
        try (ImageStore store = store()) {
            assertThat(store.tags(name)).isEmpty();
            store.push(name.withTag("one"), AdapterFixture.image(work, 30));
            store.push(name.withTag("two"), AdapterFixture.image(work, 31));
            store.push(image("adapters/listed-elsewhere").withTag("three"), AdapterFixture.image(work, 32));

            assertThat(store.tags(name)).containsExactlyInAnyOrder("one", "two");
        }
    }

    @Test
    void whatIsDeletedIsGoneWithItsTagAndTheOthersStay() throws IOException {
        ImageReference name = image("adapters/deleted");
        AdapterImage gone = AdapterFixture.image(work, 33);
        AdapterImage kept = AdapterFixture.image(work, 34);
        try (ImageStore store = store()) {
            store.push(name.withTag("gone"), gone);
            store.push(name.withTag("kept"), kept);

            store.delete(name.withTag("gone").withDigest(gone.digest()));
            store.delete(name.withTag("gone").withDigest(gone.digest()));

            assertThat(store.tags(name)).containsExactly("kept");
            assertThatThrownBy(() -> store.manifest(name.withTag("gone")))
                    .isInstanceOf(ImageException.NotAnAdapter.class);
            assertThat(store.manifest(name.withTag("kept")))
                    .isEqualTo(kept.manifest().content());
        }
    }

    @Test
    void whatIsAttachedTwiceIsFoundOnceByItsTypeAndCanBeRead() throws IOException {
        ImageReference name = image("adapters/attached");
        AdapterImage image = AdapterFixture.image(work, 40);
        ImageReference pinned = name.withDigest(image.digest());
        Blob.InMemory text = Blob.of("text/plain", "What happened.".getBytes(StandardCharsets.UTF_8));
        Blob.InMemory artifact = artifact(image, text);
        Path file = work.resolve("read-back");
        try (ImageStore store = store()) {
            store.push(name, image);
            assertThat(store.referrers(pinned, TOLD)).isEmpty();

            store.attach(pinned, artifact, List.of(NOTHING, text));
            store.attach(pinned, artifact, List.of(NOTHING, text));

            assertThat(store.referrers(pinned, TOLD)).containsExactly(artifact.descriptor());
            assertThat(store.referrers(pinned, "application/vnd.other")).isEmpty();
            assertThat(store.manifest(name.withDigest(artifact.descriptor().digest())))
                    .isEqualTo(artifact.content());
            store.download(name, text.descriptor(), file);
            assertThat(store.manifest(name)).isEqualTo(image.manifest().content());
        }
        assertThat(file).hasContent("What happened.");
    }

    @Test
    void whatIsAttachedToOneImageIsNotAttachedToAnother() throws IOException {
        ImageReference name = image("adapters/beside");
        AdapterImage one = AdapterFixture.image(work, 41);
        AdapterImage two = AdapterFixture.image(work, 42);
        Blob.InMemory artifact = artifact(one, NOTHING);
        try (ImageStore store = store()) {
            store.push(name.withTag("one"), one);
            store.push(name.withTag("two"), two);

            store.attach(name.withDigest(one.digest()), artifact, List.of(NOTHING));

            assertThat(store.referrers(name.withDigest(one.digest()), TOLD)).hasSize(1);
            assertThat(store.referrers(name.withDigest(two.digest()), TOLD)).isEmpty();
        }
    }

    private static Blob.InMemory artifact(AdapterImage subject, Blob.InMemory layer) {
        Descriptor plain = subject.manifest().descriptor();
        String json = "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.MANIFEST + "\",\"artifactType\":\"" + TOLD
                + "\",\"config\":" + text(NOTHING.descriptor()) + ",\"layers\":[" + text(layer.descriptor())
                + "],\"subject\":" + text(plain) + "}";
        Blob.InMemory blob = Blob.of(MediaTypes.MANIFEST, json.getBytes(StandardCharsets.UTF_8));
        return new Blob.InMemory(
                blob.descriptor().annotated(Map.of("said", "today")).ofType(TOLD), blob.content());
    }

    private static String text(Descriptor descriptor) {
        return new String(Json.write(descriptor), StandardCharsets.UTF_8);
    }

    @Test
    void aPushCanBeTriedWithoutPushing() {
        ImageReference name = image("adapters/tried");
        try (ImageStore store = store()) {
            assertThatCode(() -> store.checkPush(name)).doesNotThrowAnyException();
            assertThatThrownBy(() -> store.manifest(name)).isInstanceOf(ImageException.NotAnAdapter.class);
        }
    }

    @Test
    void aPulledAdapterHasTheTrainedBytesAndNoOtherFile() throws IOException {
        ImageReference name = image("adapters/pulled");
        AdapterImage image = AdapterFixture.image(work, 9);
        Path folder = work.resolve("served/adapter");
        try (ImageStore store = store()) {
            store.push(name, image);
            new AdapterDownload(store).pull(name, image.digest(), folder);
        }

        assertThat(folder.resolve(AdapterFiles.WEIGHTS))
                .hasSameBinaryContentAs(work.resolve("adapter-9").resolve(AdapterFiles.WEIGHTS));
        try (var names = Files.list(folder)) {
            assertThat(names).hasSize(2);
        }
        try (var beside = Files.list(folder.getParent())) {
            assertThat(beside).containsExactly(folder);
        }
    }
}
