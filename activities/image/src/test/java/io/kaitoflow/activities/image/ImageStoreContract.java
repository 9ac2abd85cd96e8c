package io.kaitoflow.activities.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store of images promises. */
public abstract class ImageStoreContract {

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
