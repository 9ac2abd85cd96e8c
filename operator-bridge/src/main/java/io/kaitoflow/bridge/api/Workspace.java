package io.kaitoflow.bridge.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
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
public final class Workspace implements HasMetadata, Namespaced {

    public static final String GROUP = "kaito.sh";

    /** The version whose schema gives {@code resource.instanceType} a default. */
    public static final String V1ALPHA1 = GROUP + "/v1alpha1";

    public static final String V1BETA1 = GROUP + "/v1beta1";

    private String apiVersion = V1BETA1;
    private ObjectMeta metadata = new ObjectMeta();
    private @Nullable ResourceSpec resource;
    private @Nullable InferenceSpec inference;
    private @Nullable TuningSpec tuning;
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
