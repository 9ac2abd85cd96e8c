package io.kaitoflow.activities.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayerUnpackerTest {

    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path work;

    @Test
    void readsTheCompressedLayersOfOtherTools() throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(tar(file("./data/adapter_config.json")));
        }

        unpack("application/vnd.docker.image.rootfs.diff.tar.gzip", compressed.toByteArray());

        assertThat(out().resolve("adapter_config.json")).hasBinaryContent(CONTENT);
    }

    @Test
    void leavesTheFilesOfABaseImageOut() throws IOException {
        unpack(MediaTypes.LAYER, tar(file("etc/passwd")));

        assertThat(out().resolve("etc")).doesNotExist();
        assertThat(work.resolve("etc")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"data/../../evil", "../evil", "data/x/../../../evil"})
    void refusesNamesThatLeaveTheFolder(String name) throws IOException {
        byte[] layer = tar(file(name));

        assertThatThrownBy(() -> unpack(MediaTypes.LAYER, layer))
                .isInstanceOf(ImageException.NotAnAdapter.class)
                .hasMessageContaining(name)
                .hasMessageContaining("leaves the image's folder");
        assertThat(work.resolve("evil")).doesNotExist();
    }

    @Test
    void refusesLinks() throws IOException {
        TarArchiveEntry link = new TarArchiveEntry("data/adapter_config.json", TarConstants.LF_SYMLINK);
        link.setLinkName("/etc/passwd");
        byte[] layer = tar(link);

        assertThatThrownBy(() -> unpack(MediaTypes.LAYER, layer))
                .isInstanceOf(ImageException.NotAnAdapter.class)
                .hasMessageContaining("neither a file nor a folder");
    }

    @Test
    void namesALayerTypeThatCannotBeRead() {
        assertThatThrownBy(() -> unpack("application/vnd.oci.image.layer.v1.tar+zstd", CONTENT))
                .isInstanceOf(ImageException.NotAnAdapter.class)
                .hasMessageContaining("tar+zstd");
    }

    private Path out() {
        return work.resolve("out");
    }

    private void unpack(String mediaType, byte[] layer) throws IOException {
        Files.createDirectories(out());
        new LayerUnpacker("the image", "data/", out()).unpack(Blob.of(mediaType, layer));
    }

    private static TarArchiveEntry file(String name) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(CONTENT.length);
        return entry;
    }

    private static byte[] tar(TarArchiveEntry entry) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            tar.putArchiveEntry(entry);
            if (entry.isFile() && !entry.isSymbolicLink()) {
                tar.write(CONTENT);
            }
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }
}
