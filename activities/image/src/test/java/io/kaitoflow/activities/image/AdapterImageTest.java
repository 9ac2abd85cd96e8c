package io.kaitoflow.activities.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterImageTest {

    @TempDir
    Path work;

    private Path adapter;

    @BeforeEach
    void writeAdapter() throws IOException {
        adapter = Path.of(AdapterFixture.write(work.resolve("adapter"), 1).path());
    }

    @Test
    void sameFilesGiveTheSameDigestWhateverTheirTimesAndModes() throws IOException {
        AdapterImage first = AdapterImage.build(adapter, "smollm2", work.resolve("first"));
        Path weights = adapter.resolve(AdapterFiles.WEIGHTS);
        Files.setLastModifiedTime(weights, FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));
        Files.setPosixFilePermissions(weights, PosixFilePermissions.fromString("rwx------"));

        AdapterImage second = AdapterImage.build(adapter, "smollm2", work.resolve("second"));

        assertThat(second.digest()).isEqualTo(first.digest());
    }

    @Test
    void anotherBaseModelGivesAnotherDigest() {
        AdapterImage one = AdapterImage.build(adapter, "smollm2", work.resolve("one"));
        AdapterImage other = AdapterImage.build(adapter, "phi-4", work.resolve("other"));

        assertThat(other.digest()).isNotEqualTo(one.digest());
        assertThat(other.layer().descriptor()).isEqualTo(one.layer().descriptor());
    }

    @Test
    void layerHoldsTheAdapterUnderDataAndNothingElse() throws IOException {
        Files.writeString(adapter.resolve("README.md"), "An adapter");

        AdapterImage image = AdapterImage.build(adapter, "smollm2", work.resolve("layer"));

        assertThat(names(image.layer()))
                .containsExactly(
                        "data/", "data/README.md", "data/adapter_config.json", "data/adapter_model.safetensors");
    }

    @Test
    void manifestNamesTheModelAndTheConfigNamesTheLayer() {
        AdapterImage image = AdapterImage.build(adapter, "smollm2", work.resolve("layer"));

        String manifest = new String(image.manifest().content(), StandardCharsets.UTF_8);
        String config = new String(image.config().content(), StandardCharsets.UTF_8);
        assertThat(manifest)
                .contains("\"annotations\":{\"sh.kaito.model.name\":\"smollm2\"}")
                .contains("\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\"");
        assertThat(config)
                .isEqualTo(
                        "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\""
                                + image.layer().descriptor().digest() + "\"]}}");
    }

    @Test
    void missingWeightsAreNamed() throws IOException {
        Files.delete(adapter.resolve(AdapterFiles.WEIGHTS));

        assertThatThrownBy(() -> AdapterImage.build(adapter, "smollm2", work.resolve("layer")))
                .isInstanceOf(ImageException.NotAnAdapter.class)
                .hasMessage("Looked for an adapter in " + adapter + ": there is no adapter_model.safetensors.");
    }

    private static List<String> names(Blob layer) throws IOException {
        List<String> names = new ArrayList<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(layer.open())) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        return names;
    }
}
