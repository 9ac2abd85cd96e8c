package io.kaitoflow.activities.image;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.kaitoflow.presets.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * An adapter as an OCI image, ready to be pushed. KAITO's pullers, containerd and skopeo read it. Equal files and an equal
 * base model give an equal digest.
 *
 * @param manifest names the other two
 * @param config the image configuration
 * @param layer holds the files under {@code /data}
 */
public record AdapterImage(Blob.InMemory manifest, Blob.InMemory config, Blob.InFile layer) {

    /**
     * @param adapterFolder in PEFT's layout
     * @param baseModel for the annotation
     * @param layerFile is written; must stay until the image was pushed
     * @throws ImageException.NotAnAdapter when a file is missing
     */
    static AdapterImage build(Path adapterFolder, String baseModel, Path layerFile) {
        try {
            FolderLayer.write(adapterFolder, AdapterFiles.in(adapterFolder), AdapterFiles.FOLDER, layerFile);
            return of(layerFile, Map.of(ImageManifest.MODEL_NAME, baseModel));
        } catch (IOException cause) {
            throw ImageException.ofFile("Packing the adapter in " + adapterFolder + " into " + layerFile, cause);
        }
    }

    /**
     * An image of one layer, whatever is in it.
     *
     * @param layerFile a tar; must stay until the image was pushed
     */
    public static AdapterImage of(Path layerFile, Map<String, String> annotations) throws IOException {
        Blob.InFile layer = Blob.of(MediaTypes.LAYER, layerFile);
        Blob.InMemory config = Blob.of(
                MediaTypes.CONFIG,
                Json.write(Configuration.of(layer.descriptor().digest())));
        ImageManifest manifest = ImageManifest.of(config.descriptor(), layer.descriptor(), annotations);
        return new AdapterImage(Blob.of(MediaTypes.MANIFEST, Json.write(manifest)), config, layer);
    }

    /** The digest by which the image is known. */
    public Digest digest() {
        return manifest.descriptor().digest();
    }

    /**
     * The image configuration. An adapter fits every machine, but container runtimes compare the platform, so the usual one is
     * stated.
     */
    record Configuration(String architecture, String os, RootFilesystem rootfs) {
        static Configuration of(Digest layer) {
            return new Configuration("amd64", "linux", new RootFilesystem("layers", List.of(layer)));
        }
    }

    record RootFilesystem(
            String type, @JsonProperty("diff_ids") List<Digest> layers) {}
}
