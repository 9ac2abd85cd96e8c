package io.kaitoflow.bridge.api;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/**
 * One model, tuned or served. It has no {@code spec}: its fields stand beside {@code metadata}. Mutable because Kubernetes
 * clients fill it; the records inside are not.
 *
 * <p>The custom resource definition is generated from this class and the records inside. Their descriptions are what
 * {@code kubectl explain} shows; their rules are what the API server refuses by itself, in the translator's words.
 *
 * <p>A client must be told of it with {@code registerKubernetesResource(Workspace.class)}, else lists hand out generic objects.
 */
@Group(Workspace.GROUP)
@Version("v1beta1")
@Kind("Workspace")
@Plural("workspaces")
@ShortNames({"wk", "wks"})
@Categories("workspace")
// The interface's own deserialiser would call itself for a class that it does not know.
@JsonDeserialize(using = JsonDeserializer.None.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"apiVersion", "kind", "metadata", "resource", "inference", "tuning", "status"})
@JsonClassDescription(
        "Workspace says which model, which machines, which data and where the result goes. KaitoFlow gets the machines, "
                + "tunes or serves the model on them, and gives everything back.")
@ValidationRule(
        value = "self.metadata.name.matches('^[a-z]([-a-z0-9]{0,50}[a-z0-9])?$')",
        messageExpression =
                "'\"' + self.metadata.name + '\" must start with a letter and have at most 52 lower-case letters, "
                        + "digits and hyphens. Write e.g. tune-phi-3.'",
        fieldPath = ".metadata.name")
@ValidationRule(
        value = "has(self.resource)",
        message =
                "says which machines; it must have a labelSelector. Write labelSelector.matchLabels with a label of your own.",
        fieldPath = ".resource",
        reason = Rules.REQUIRED)
@ValidationRule(
        value = "!(has(self.inference) && has(self.tuning))",
        message = "must have exactly one of inference and tuning. A tuned model is served anyway: remove inference.",
        fieldPath = ".inference",
        reason = Rules.FORBIDDEN)
@ValidationRule(
        value = "has(self.inference) || has(self.tuning)",
        message = "must have exactly one of inference and tuning. Say what is to be tuned or served.",
        fieldPath = ".tuning",
        reason = Rules.REQUIRED)
@ValidationRule(
        value = "has(self.tuning) == has(oldSelf.tuning)",
        message = Rules.STAYS,
        fieldPath = ".tuning",
        reason = Rules.FORBIDDEN)
@ValidationRule(
        value = "has(self.inference) == has(oldSelf.inference)",
        message = Rules.STAYS,
        fieldPath = ".inference",
        reason = Rules.FORBIDDEN)
@ValidationRule(
        value = "!has(self.tuning) || !has(self.resource) || !has(self.resource.count) || self.resource.count <= 1",
        message = "must be 1 for tuning. Write 1; tuning runs on one machine.",
        fieldPath = ".resource.count")
// Not of what has a status: an earlier release took it, and whoever may not write to it could not let it go.
@ValidationRule(
        value = "!has(self.inference) || !has(self.resource) || !has(self.resource.count) || self.resource.count <= 1 "
                + "|| has(self.status)",
        message = "must be 1, since this release serves a model from one machine. "
                + "Make a Workspace with count: 1, and choose a machine with more GPUs where one is too small.",
        fieldPath = ".resource.count")
public final class Workspace implements HasMetadata, Namespaced {

    public static final String GROUP = "kaito.sh";

    /** The version whose schema gives {@code resource.instanceType} a default. */
    public static final String V1ALPHA1 = GROUP + "/v1alpha1";

    public static final String V1BETA1 = GROUP + "/v1beta1";

    private String apiVersion = V1BETA1;
    private ObjectMeta metadata = new ObjectMeta();

    @JsonPropertyDescription("Which machines the work runs on.")
    private @Nullable ResourceSpec resource;

    @JsonPropertyDescription(
            "What is served. Exactly one of inference and tuning; it cannot change from one to the other.")
    private @Nullable InferenceSpec inference;

    @JsonPropertyDescription(
            "What is tuned, on which data, and where the adapter goes. A tuned model is served afterwards, "
                    + "unless the annotation kaito.sh/serve-after-tuning says \"false\". Exactly one of inference and tuning.")
    private @Nullable TuningSpec tuning;

    @JsonPropertyDescription("What became of it; written by the controller alone.")
    private @Nullable WorkspaceStatus status;

    @Override
    public String getApiVersion() {
        return apiVersion;
    }

    @Override
    public void setApiVersion(String version) {
        this.apiVersion = version;
    }

    @Override
    public ObjectMeta getMetadata() {
        return metadata;
    }

    @Override
    public void setMetadata(ObjectMeta metadata) {
        this.metadata = metadata;
    }

    public @Nullable ResourceSpec getResource() {
        return resource;
    }

    public void setResource(@Nullable ResourceSpec resource) {
        this.resource = resource;
    }

    public @Nullable InferenceSpec getInference() {
        return inference;
    }

    public void setInference(@Nullable InferenceSpec inference) {
        this.inference = inference;
    }

    public @Nullable TuningSpec getTuning() {
        return tuning;
    }

    public void setTuning(@Nullable TuningSpec tuning) {
        this.tuning = tuning;
    }

    public @Nullable WorkspaceStatus getStatus() {
        return status;
    }

    public void setStatus(@Nullable WorkspaceStatus status) {
        this.status = status;
    }
}
