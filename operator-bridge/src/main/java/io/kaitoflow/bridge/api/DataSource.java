package io.kaitoflow.bridge.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where data or an adapter comes from: exactly one of urls, volume and image.
 *
 * @param name a label; unique among adapters
 * @param urls http(s) files
 * @param volumeSource a volume without a name
 * @param image an image that holds {@code /data}
 * @param imagePullSecrets for that image
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record DataSource(
        @Nullable String name,
        List<String> urls,
        @Nullable Volume volumeSource,
        @Nullable String image,
        List<String> imagePullSecrets) {

    public DataSource {
        urls = Absent.asEmpty(urls);
        imagePullSecrets = Absent.asEmpty(imagePullSecrets);
    }
}
