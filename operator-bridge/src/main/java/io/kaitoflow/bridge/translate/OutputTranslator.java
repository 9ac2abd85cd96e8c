package io.kaitoflow.bridge.translate;

import io.kaitoflow.bridge.api.DataDestination;
import io.kaitoflow.bridge.refusal.Findings;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.VolumeReference;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Translates {@code tuning.output}. */
record OutputTranslator(TranslatorSettings settings, ReferencedObjects references, Findings findings) {

    private static final String PATH = "tuning.output";

    private static final String SECRET = "Name a Secret of type kubernetes.io/dockerconfigjson that may push.";
    private static final String OF_AZURE = " Without one, images go to registries of Azure alone (NAME.azurecr.io/…).";

    Optional<OutputTarget> translate(@Nullable DataDestination output) {
        boolean image = output != null && output.image() != null;
        boolean volume = output != null && output.volumeSource() != null;
        if (output == null || image == volume) {
            findings.refuse(
                    PATH,
                    image ? "image, volumeSource" : "",
                    "must have exactly one of volumeSource and image",
                    image ? "Keep one of them." : "Say where the adapter goes.");
            return Optional.empty();
        }
        return image ? image(output) : volume(output);
    }

    private Optional<OutputTarget> image(DataDestination output) {
        Optional<SecretReference> secret = Optional.ofNullable(output.imagePushSecret())
                .filter(name -> !name.isBlank())
                .map(SecretReference::new);
        String secretPath = PATH + ".imagePushSecret";
        if (secret.isEmpty() && !pushedByIdentity(Objects.requireNonNull(output.image()))) {
            findings.refuse(
                    secretPath,
                    "",
                    "is required for an image",
                    settings.workloadIdentity() ? SECRET + OF_AZURE : SECRET);
        }
        secret.ifPresent(name -> new ImageField(findings).checkDockerConfig(secretPath, name.name(), references));
        Optional<ImageReference> reference =
                new ImageField(findings).parse(PATH + ".image", Objects.requireNonNull(output.image()));
        return reference.map(image -> new OutputTarget.Image(image, secret));
    }

    private boolean pushedByIdentity(String image) {
        return settings.workloadIdentity()
                && ImageReference.isAzure(image.substring(0, Math.max(0, image.indexOf('/'))));
    }

    private Optional<OutputTarget> volume(DataDestination output) {
        String path = PATH + ".volumeSource";
        Optional<VolumeReference> volume =
                new VolumeTranslator(findings).translate(path, Objects.requireNonNull(output.volumeSource()));
        if (volume.filter(VolumeReference.ConfigMap.class::isInstance).isPresent()) {
            findings.refuse(
                    path,
                    "configMap",
                    "cannot be written to",
                    "Write persistentVolumeClaim or hostPath, or push an image.");
        }
        return volume.map(OutputTarget.Volume::new);
    }
}
