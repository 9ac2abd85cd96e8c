package io.kaitoflow.activities.image;

import java.util.List;

/** Media types of images: those that are written, and those of other tools that are read. */
public final class MediaTypes {

    public static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    public static final String INDEX = "application/vnd.oci.image.index.v1+json";
    public static final String CONFIG = "application/vnd.oci.image.config.v1+json";

    /** Uncompressed, so that equal files give equal bytes whatever the compressor's version; weights hardly compress. */
    public static final String LAYER = "application/vnd.oci.image.layer.v1.tar";

    /** Of an artifact's configuration that has nothing in it. */
    public static final String EMPTY = "application/vnd.oci.empty.v1+json";

    static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

    /** What a pull asks for. */
    public static final List<String> READABLE_MANIFESTS = List.of(MANIFEST, DOCKER_MANIFEST);

    private MediaTypes() {}

    static boolean compressed(String layer) {
        return layer.endsWith("gzip");
    }

    static boolean readableLayer(String layer) {
        return layer.endsWith(".tar") || layer.endsWith("gzip");
    }
}
