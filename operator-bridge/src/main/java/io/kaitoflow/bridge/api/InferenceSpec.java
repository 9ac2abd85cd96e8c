package io.kaitoflow.bridge.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is served.
 *
 * @param preset a model of the catalogue
 * @param template a pod of the user's own; exactly one of preset and template
 * @param config name of a ConfigMap with key {@code inference_config.yaml}
 * @param adapters served beside the model
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record InferenceSpec(
        @Nullable PresetSpec preset,
        @Nullable PodTemplateSpec template,
        @Nullable String config,
        List<Adapter> adapters) {

    public InferenceSpec {
        adapters = Absent.asEmpty(adapters);
    }

    /** An adapter and how strongly it counts: {@code "0"} to {@code "1"}. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Adapter(
            @Nullable DataSource source, @Nullable String strength) {}
}
