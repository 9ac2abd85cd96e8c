package io.kaitoflow.workflows.tuning;

import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.util.Locale;

/**
 * An adapter image that was pushed, pulled back and verified.
 *
 * @param image with its tag
 * @param digest of its manifest
 * @param location where it lies: a registry's address, or the folder of an OCI layout
 */
public record PushedImage(ImageReference image, Digest digest, String location) {

    private static final String VOLUMES = "localhost/results/";

    /** The name of a result in a volume, which no registry knows. */
    public static ImageReference nameInVolume(WorkspaceId id) {
        return ImageReference.parse(VOLUMES + id.uid().toLowerCase(Locale.ROOT));
    }

    /** Whether it lies in a volume, which is seen by pods alone. */
    public boolean liesInVolume() {
        return image.toString().startsWith(VOLUMES);
    }
}
