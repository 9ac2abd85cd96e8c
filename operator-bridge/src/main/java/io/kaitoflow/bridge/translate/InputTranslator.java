package io.kaitoflow.bridge.translate;

import io.kaitoflow.bridge.api.DataSource;
import io.kaitoflow.bridge.refusal.Findings;
import io.kaitoflow.workflows.request.DatasetSource;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.VolumeReference;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Translates {@code tuning.input}. */
record InputTranslator(TranslatorSettings settings, ReferencedObjects references, Findings findings) {

    private static final String PATH = "tuning.input";

    Optional<DatasetSource> translate(@Nullable DataSource input) {
        List<String> given = input == null ? List.of() : given(input);
        if (input == null || given.size() != 1) {
            findings.refuse(
                    PATH,
                    String.join(", ", given),
                    "must have exactly one of urls, volumeSource and image",
                    given.isEmpty() ? "Say where the training rows are." : "Keep one of them.");
            return Optional.empty();
        }
        return switch (given.getFirst()) {
            case "urls" -> Optional.of(urls(input.urls()));
            case "image" -> image(input, Objects.requireNonNull(input.image()));
            default -> volume(input);
        };
    }

    private static List<String> given(DataSource input) {
        return Stream.of(
                        input.urls().isEmpty() ? "" : "urls",
                        input.volumeSource() == null ? "" : "volumeSource",
                        input.image() == null ? "" : "image")
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private DatasetSource urls(List<String> urls) {
        for (int i = 0; i < urls.size(); i++) {
            String path = PATH + ".urls[" + i + "]";
            String url = urls.get(i);
            new DataAddress(url)
                    .brokenRule(settings)
                    .ifPresent(broken -> findings.refuse(path, url, broken.rule(), broken.cure()));
        }
        return new DatasetSource.Urls(urls);
    }

    private Optional<DatasetSource> image(DataSource input, String image) {
        ImageField field = new ImageField(findings);
        List<SecretReference> secrets =
                field.pullSecrets(PATH + ".imagePullSecrets", input.imagePullSecrets(), references);
        return field.parse(PATH + ".image", image).map(reference -> new DatasetSource.OciImage(reference, secrets));
    }

    private Optional<DatasetSource> volume(DataSource input) {
        Optional<VolumeReference> volume = new VolumeTranslator(findings)
                .translate(PATH + ".volumeSource", Objects.requireNonNull(input.volumeSource()));
        return volume.map(found -> references.asItIsNow(PATH + ".volumeSource", found, findings))
                .map(DatasetSource.Volume::new);
    }
}
