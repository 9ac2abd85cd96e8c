package io.kaitoflow.bridge.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.kaitoflow.bridge.api.schema.LabelSelectorSchema;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which machines. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "has(self.labelSelector)",
        message =
                "must have a label of your own. Write matchLabels with at least one key outside kubernetes.io, kaito.sh and "
                        + "karpenter.sh, e.g. apps: phi-3.",
        fieldPath = ".labelSelector",
        reason = Rules.REQUIRED)
@ValidationRule(
        value =
                "has(self.instanceType) == has(oldSelf.instanceType) && (!has(self.instanceType) || self.instanceType == oldSelf.instanceType)",
        messageExpression =
                "'must stay as it was created (' + (has(oldSelf.instanceType) ? oldSelf.instanceType : 'absent') + '). "
                        + "Undo the change, or make another Workspace.'",
        fieldPath = ".instanceType",
        reason = Rules.FORBIDDEN)
@ValidationRule(
        value = "has(self.count) == has(oldSelf.count) && (!has(self.count) || self.count == oldSelf.count)",
        message = Rules.STAYS,
        fieldPath = ".count",
        reason = Rules.FORBIDDEN)
@ValidationRule(
        value =
                "!has(self.labelSelector) || !has(oldSelf.labelSelector) || self.labelSelector == oldSelf.labelSelector",
        message = Rules.STAYS,
        fieldPath = ".labelSelector",
        reason = Rules.FORBIDDEN)
@ValidationRule(
        value = "!has(self.partition)",
        message = "is not possible yet. Remove it; a workspace takes whole devices.",
        fieldPath = ".partition",
        reason = Rules.FORBIDDEN)
public record ResourceSpec(
        @Size(max = 63)
        @JsonPropertyDescription(
                "The cloud's machine type, e.g. Standard_NC24ads_A100_v4. \"auto\" takes the cheapest of the "
                        + "catalogue that fits the estimate; nothing means nodes of your own. Cannot be changed.")
        @Nullable
        String instanceType,

        @Default("1")
        @ValidationRule(value = "self >= 1", message = "must be at least 1. Write 1.")
        @JsonPropertyDescription(
                "How many machines; 1, until a release serves a model from several. Cannot be changed.")
        @Nullable
        Integer count,

        @SchemaFrom(type = LabelSelectorSchema.class)
        @ValidationRule(
                value = LabelSelectorSchema.ONE_VALUE,
                message = "must be In with one value, since new nodes are stamped with it. Write it under matchLabels.",
                fieldPath = ".matchExpressions")
        @ValidationRule(
                value = LabelSelectorSchema.OWN_KEY,
                message =
                        "must have a label of your own. Write matchLabels with at least one key outside kubernetes.io, "
                                + "kaito.sh and karpenter.sh, e.g. apps: phi-3.")
        @JsonPropertyDescription(
                "Labels that nodes of your own must have, and that new nodes are given. At least one key of "
                        + "your own. Cannot be changed.")
        @Nullable
        LabelSelector labelSelector,

        @JsonPropertyDescription("Names of nodes of your own that are taken before others with the same labels.")
        List<String> preferredNodes,

        @JsonPropertyDescription(
                "A share of a device instead of a whole one. Known, but not possible yet: it is refused.")
        @Nullable
        Partition partition) {

    /** What the schema of v1alpha1 fills in where no instance type is written. */
    public static final String V1ALPHA1_INSTANCE_TYPE = "Standard_NC24ads_A100_v4";

    public ResourceSpec {
        preferredNodes = Absent.asEmpty(preferredNodes);
    }

    /** A share of a device. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Partition(
            @JsonPropertyDescription("How the device is cut, e.g. MIG.") @Nullable
            String mode,

            @JsonPropertyDescription("The size of one share, e.g. 3g.40gb.") @Nullable
            String profile,

            @JsonPropertyDescription("How many shares.") @Nullable
            Integer count) {}
}
