package io.kaitoflow.bridge.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which machines.
 *
 * @param instanceType cloud SKU, {@code auto}, or nothing for the user's own nodes
 * @param count machines; 1 when absent
 * @param labelSelector stamped on nodes and used to find them
 * @param preferredNodes own nodes that are taken first
 * @param partition a share of a device; known, not yet possible
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ResourceSpec(
        @Nullable String instanceType,
        @Nullable Integer count,
        @Nullable LabelSelector labelSelector,
        List<String> preferredNodes,
        @Nullable Partition partition) {

    public ResourceSpec {
        preferredNodes = Absent.asEmpty(preferredNodes);
    }

    /** A share of a device: how it is cut, which profile, how many. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Partition(
            @Nullable String mode,
            @Nullable String profile,
            @Nullable Integer count) {}
}
