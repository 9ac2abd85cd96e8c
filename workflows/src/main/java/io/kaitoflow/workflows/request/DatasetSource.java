package io.kaitoflow.workflows.request;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.kaitoflow.presets.ImageReference;
import java.util.List;

/** Where the training rows come from. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = DatasetSource.Urls.class, name = "urls"),
    @JsonSubTypes.Type(value = DatasetSource.OciImage.class, name = "image"),
    @JsonSubTypes.Type(value = DatasetSource.Volume.class, name = "volume")
})
public sealed interface DatasetSource {

    /** Files by http(s) URL, concatenated in order. */
    record Urls(List<String> urls) implements DatasetSource {
        public Urls {
            urls = List.copyOf(urls);
        }
    }

    /** Files under {@code /data} of an image. */
    record OciImage(ImageReference image, List<SecretReference> pullSecrets) implements DatasetSource {
        public OciImage {
            pullSecrets = List.copyOf(pullSecrets);
        }
    }

    /** Files of a volume. */
    record Volume(VolumeReference volume) implements DatasetSource {}
}
