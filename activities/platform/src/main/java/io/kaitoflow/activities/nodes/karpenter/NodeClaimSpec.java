package io.kaitoflow.activities.nodes.karpenter;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of Karpenter.
 *
 * @param requirements that the machine meets
 * @param nodeClassRef the cloud's settings
 * @param taints that keep other pods away
 * @param resources that the machine has at least
 * @param expireAfter how long it may live
 * @param terminationGracePeriod how long pods may take to go
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record NodeClaimSpec(
        List<Requirement> requirements,
        @Nullable NodeClassRef nodeClassRef,
        @Nullable List<Taint> taints,
        @Nullable Resources resources,
        @Nullable String expireAfter,
        @Nullable String terminationGracePeriod) {

    /** A label of the machine and the values that it may have. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Requirement(String key, String operator, List<String> values) {
        static Requirement in(String key, String value) {
            return new Requirement(key, "In", List.of(value));
        }
    }

    /** Names the object with the cloud's settings, e.g. an AKSNodeClass. */
    public record NodeClassRef(String group, String kind, String name) {

        /** Another object of the same kind. */
        NodeClassRef named(String other) {
            return new NodeClassRef(group, kind, other);
        }
    }

    /** Keeps pods away that do not tolerate it. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Taint(String key, String value, String effect) {}

    /** What the machine has at least, by resource name. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Resources(Map<String, String> requests) {}
}
