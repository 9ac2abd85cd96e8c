package io.kaitoflow.bridge.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model of the catalogue.
 *
 * @param name catalogue name or {@code org/model}
 * @param accessMode {@code public} or {@code private}; accepted, without effect
 * @param presetOptions where its files come from
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PresetSpec(
        @Nullable String name,
        @Nullable String accessMode,
        @Nullable Options presetOptions) {

    /**
     * How the model is fetched.
     *
     * @param image of a private preset
     * @param imagePullSecrets for that image
     * @param modelAccessSecret holds {@code HF_TOKEN}
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Options(
            @Nullable String image,
            List<String> imagePullSecrets,
            @Nullable String modelAccessSecret) {

        public Options {
            imagePullSecrets = Absent.asEmpty(imagePullSecrets);
        }
    }
}
