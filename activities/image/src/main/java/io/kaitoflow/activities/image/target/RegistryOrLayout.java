package io.kaitoflow.activities.image.target;

import io.kaitoflow.activities.image.CredentialSearch;
import io.kaitoflow.activities.image.ImageException;
import io.kaitoflow.activities.image.ImageStore;
import io.kaitoflow.activities.image.ImageStores;
import io.kaitoflow.activities.image.ImageTarget;
import io.kaitoflow.activities.image.Pulse;
import io.kaitoflow.activities.image.layout.LayoutImages;
import io.kaitoflow.activities.image.registry.RegistryAddress;
import io.kaitoflow.activities.image.registry.RegistryImages;
import io.kaitoflow.activities.image.registry.RegistryTimeouts;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.SecretReference;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry that a reference names when somebody answers there, else an image layout of this machine. A registry that
 * refuses, fails or hangs is never passed over: only an address where nobody is.
 */
public final class RegistryOrLayout implements ImageStores {

    private static final Logger LOG = LoggerFactory.getLogger(RegistryOrLayout.class);

    private final CredentialSearch credentials;
    private final Optional<LayoutImages> layout;
    private final RegistryTimeouts timeouts;
    private final Pulse pulse;

    /**
     * @param layout absent where a folder of this machine would be lost, as in a pod
     * @param pulse felt while a registry is waited for
     */
    public RegistryOrLayout(
            CredentialSearch credentials, Optional<LayoutImages> layout, RegistryTimeouts timeouts, Pulse pulse) {
        this.credentials = credentials;
        this.layout = layout;
        this.timeouts = timeouts;
        this.pulse = pulse;
    }

    @Override
    public ImageTarget forPush(ImageReference image, List<SecretReference> secrets) {
        return asking(image, secrets, layout, "goes into");
    }

    @Override
    public ImageStore forPull(ImageReference image, Optional<Digest> manifest, List<SecretReference> secrets) {
        // A digest names the bytes, so it does not matter who keeps them. A tag may have moved since it was kept here.
        if (manifest.isPresent()) {
            Optional<LayoutImages> here = layout.filter(folder -> folder.contains(manifest.get()));
            return here.isPresent() ? here.get() : registry(image, secrets);
        }
        Optional<LayoutImages> here = layout.filter(folder -> folder.contains(image));
        if (here.isEmpty()) {
            return registry(image, secrets);
        }
        ImageTarget found = asking(image, secrets, here, "is taken from");
        found.note().ifPresent(LOG::info);
        return found.store();
    }

    private ImageTarget asking(
            ImageReference image, List<SecretReference> secrets, Optional<LayoutImages> otherwise, String deed) {
        RegistryImages registry = registry(image, secrets);
        boolean chosen = false;
        try {
            registry.greet();
            chosen = true;
            return new ImageTarget(registry, Optional.empty());
        } catch (ImageException.Unreachable nobody) {
            LayoutImages folder = otherwise.orElseThrow(() -> nobody);
            String note = nobody.getMessage() + " The image " + image + " " + deed + " the image layout "
                    + folder.location(image) + " instead.";
            return new ImageTarget(folder, Optional.of(note));
        } finally {
            if (!chosen) {
                registry.close();
            }
        }
    }

    @Override
    public Optional<ImageStore> local() {
        return layout.map(folder -> folder);
    }

    private RegistryImages registry(ImageReference image, List<SecretReference> secrets) {
        return new RegistryImages(
                RegistryAddress.of(image), credentials.find(image.registry(), secrets), timeouts, pulse);
    }
}
