package io.kaitoflow.activities.nodes.karpenter;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/**
 * Karpenter's object for one machine, as far as it concerns us. Mutable because Kubernetes clients fill it.
 *
 * <p>A client must be told of it with {@code registerKubernetesResource(NodeClaim.class)}.
 */
@Group("karpenter.sh")
@Version("v1")
@Plural("nodeclaims")
// The interface's own deserialiser would call itself for a class that it does not know.
@JsonDeserialize(using = JsonDeserializer.None.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public final class NodeClaim implements HasMetadata {

    private String apiVersion = "karpenter.sh/v1";
    private ObjectMeta metadata = new ObjectMeta();
    private @Nullable NodeClaimSpec spec;
    private @Nullable NodeClaimStatus status;

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

    public @Nullable NodeClaimSpec getSpec() {
        return spec;
    }

    public void setSpec(@Nullable NodeClaimSpec spec) {
        this.spec = spec;
    }

    public @Nullable NodeClaimStatus getStatus() {
        return status;
    }

    public void setStatus(@Nullable NodeClaimStatus status) {
        this.status = status;
    }
}
