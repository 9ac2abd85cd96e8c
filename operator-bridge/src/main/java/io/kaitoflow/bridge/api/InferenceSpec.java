package io.kaitoflow.bridge.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.kaitoflow.bridge.api.schema.PodTemplateSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is served. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "!(has(self.preset) && has(self.template))",
        message = "must have exactly one of preset and template. Write preset.name, or template.spec.",
        fieldPath = ".template",
        reason = Rules.FORBIDDEN)
@ValidationRule(
        value = "has(self.preset) || has(self.template)",
        message = "must have exactly one of preset and template. Write preset.name, or template.spec.",
        fieldPath = ".preset",
        reason = Rules.REQUIRED)
@ValidationRule(
        value = "has(self.preset) == has(oldSelf.preset)",
        message = Rules.STAYS,
        fieldPath = ".preset",
        reason = Rules.FORBIDDEN)
public record InferenceSpec(
        @JsonPropertyDescription("A model of the catalogue. Exactly one of preset and template.") @Nullable
        PresetSpec preset,

        @SchemaFrom(type = PodTemplateSchema.class)
        @PreserveUnknownFields
        @JsonPropertyDescription(
                "A pod of your own, as in a Deployment; requests go to its port named http, else to 5000. Exactly one of preset "
                        + "and template.")
        @Nullable
        JsonNode template,

        @JsonPropertyDescription("A ConfigMap whose key inference_config.yaml says how to serve.") @Nullable
        String config,

        @Size(max = 64)
        @ValidationRule(value = "self.size() <= 10", message = "must be at most 10. Serve the others elsewhere.")
        @ValidationRule(
                value = "self.all(a, !has(a.source) || !has(a.source.name) || "
                        + "self.exists_one(b, has(b.source) && has(b.source.name) && b.source.name == a.source.name))",
                message = "has a source.name that is used twice. Give each adapter its own name.")
        @JsonPropertyDescription(
                "Adapters that are served beside the model, each under its own name; at most 10. They may "
                        + "come and go while the model serves.")
        List<Adapter> adapters) {

    /** What the API server takes for a strength; the translator reads nothing else. */
    public static final String STRENGTH = "[0-9]*[.]?[0-9]+([eE][-+]?[0-9]+)?";

    public InferenceSpec {
        adapters = Absent.asEmpty(adapters);
        // Anything may stand here, and one object that cannot be read would hide all others from whoever lists them.
        template = template == null || template.isNull() ? null : template;
    }

    /** An adapter and how strongly it counts. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @ValidationRule(
            value =
                    "has(self.source) && has(self.source.image) != has(self.source.volumeSource) && !has(self.source.urls)",
            message = "must have exactly one of image and volumeSource. Name one of the two.",
            fieldPath = ".source")
    @ValidationRule(
            value = "!has(self.source) || (has(self.source.name) && self.source.name != '')",
            message = "Give the adapter a name; requests use it as the model's.",
            fieldPath = ".source.name",
            reason = Rules.REQUIRED)
    public record Adapter(
            @JsonPropertyDescription(
                    "Where the adapter comes from, and its name: exactly one of image and volumeSource.")
            @Nullable
            DataSource source,

            @Size(max = 32)
            @ValidationRule(
                    value = "self.matches('^" + STRENGTH + "$') && double(self) <= 1.0",
                    message = "must be a number from 0 to 1. Write e.g. \"0.5\", in quotes.")
            @JsonPropertyDescription(
                    "How strongly the adapter counts, from \"0\" to \"1\", in quotes; \"1.0\" when absent.")
            @Nullable
            String strength) {}
}
