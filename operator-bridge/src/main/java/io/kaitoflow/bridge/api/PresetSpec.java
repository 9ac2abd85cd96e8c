package io.kaitoflow.bridge.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model of the catalogue. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.name) && self.name != ''",
        message = "Name a model; see them with: kaitoflow models list.",
        fieldPath = ".name",
        reason = Rules.REQUIRED)
@ValidationRule(
        value = "has(self.name) == has(oldSelf.name) && (!has(self.name) || self.name == oldSelf.name)",
        messageExpression = "'must stay as it was created (' + (has(oldSelf.name) ? oldSelf.name : 'absent') + '). "
                + "Undo the change, or make another Workspace.'",
        fieldPath = ".name",
        reason = Rules.FORBIDDEN)
public record PresetSpec(
        @Size(max = 253)
        @JsonPropertyDescription(
                "The catalogue's name of the model, e.g. phi-4-mini-instruct, or org/model as the hub has it. "
                        + "Cannot be changed.")
        @Nullable
        String name,

        @Default("public")
        @ValidationRule(
                value = "self in ['public', 'private']",
                message = "must be public or private. Remove it; it has no effect.")
        @JsonPropertyDescription("public or private. Accepted for KAITO's manifests; without effect.")
        @Nullable
        String accessMode,

        @JsonPropertyDescription("How the model's files are fetched.") @Nullable
        Options presetOptions) {

    /** How the model is fetched. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    @ValidationRule(
            value = "!has(self.modelWeightsPVC) && !has(self.modelWeightsSubPath)",
            message = "is not possible yet. Remove it; the catalogue's sources are used.",
            fieldPath = ".modelWeightsPVC",
            reason = Rules.FORBIDDEN)
    public record Options(
            @JsonPropertyDescription(
                    "An image that holds the model. Accepted for KAITO's manifests; the catalogue's sources "
                            + "are used instead.")
            @Nullable
            String image,

            @JsonPropertyDescription("Secrets of type kubernetes.io/dockerconfigjson for that image.")
            List<String> imagePullSecrets,

            @JsonPropertyDescription("A Secret whose key HF_TOKEN holds a hub token. Required for gated models.")
            @Nullable
            String modelAccessSecret,

            @JsonPropertyDescription(
                    "A PersistentVolumeClaim that holds the model. Known, but not possible yet: it is refused.")
            @Nullable
            String modelWeightsPVC,

            @JsonPropertyDescription("The folder in modelWeightsPVC. Known, but not possible yet: it is refused.")
            @Nullable
            String modelWeightsSubPath) {

        public Options {
            imagePullSecrets = Absent.asEmpty(imagePullSecrets);
        }
    }
}
