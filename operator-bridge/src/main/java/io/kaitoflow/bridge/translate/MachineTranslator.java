package io.kaitoflow.bridge.translate;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.kaitoflow.bridge.api.ResourceSpec;
import io.kaitoflow.bridge.refusal.Findings;
import io.kaitoflow.presets.GpuCatalogue;
import io.kaitoflow.workflows.request.MachineRequest;
import io.kaitoflow.workflows.request.NodeTerms;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Translates {@code resource} and the annotations about machines. */
final class MachineTranslator {

    /** Lets the plan choose the cheapest machine that fits. */
    static final String AUTO = "auto";

    private static final List<String> RESERVED_DOMAINS =
            List.of("kubernetes.io", "k8s.io", "kaito.sh", "karpenter.sh", "karpenter.azure.com", "karpenter.k8s.aws");

    private final GpuCatalogue catalogue;
    private final Annotations annotations;
    private final Findings findings;

    MachineTranslator(GpuCatalogue catalogue, Annotations annotations, Findings findings) {
        this.catalogue = catalogue;
        this.annotations = annotations;
        this.findings = findings;
    }

    /**
     * @param instanceTypeDefaulted whether the object's version fills in an instance type
     * @param tuning whether the machines are for tuning, which runs on one
     */
    MachineRequest translate(@Nullable ResourceSpec resource, boolean instanceTypeDefaulted, boolean tuning) {
        ResourceSpec spec = resource == null ? new ResourceSpec(null, null, null, List.of(), null) : resource;
        if (spec.partition() != null) {
            findings.refuse(
                    "resource.partition", "", "is not possible yet", "Remove it; a workspace takes whole devices.");
        }
        return new MachineRequest(
                instanceTypes(spec, instanceTypeDefaulted),
                count(spec, tuning),
                labels(spec.labelSelector()),
                spec.preferredNodes(),
                annotations.flag(AnnotationName.SPOT, false),
                new NodeTerms(
                        annotations.text(AnnotationName.NODE_CLASS_NAME).filter(name -> !name.isEmpty()),
                        annotations.word(AnnotationName.NODE_IMAGE_FAMILY, List.of("ubuntu", "azurelinux"))));
    }

    private List<String> instanceTypes(ResourceSpec spec, boolean defaulted) {
        List<String> types = new ArrayList<>();
        firstType(spec, defaulted).ifPresent(type -> {
            checkKnown("resource.instanceType", type);
            types.add(type);
        });
        for (String fallback : annotations.list(AnnotationName.INSTANCE_TYPES)) {
            checkKnown(Annotations.path(AnnotationName.INSTANCE_TYPES), fallback);
            types.add(fallback);
        }
        return types.stream().distinct().toList();
    }

    private static Optional<String> firstType(ResourceSpec spec, boolean defaulted) {
        if (spec.instanceType() == null) {
            return defaulted ? Optional.of(ResourceSpec.V1ALPHA1_INSTANCE_TYPE) : Optional.empty();
        }
        return Optional.of(spec.instanceType()).filter(type -> !type.isBlank());
    }

    private void checkKnown(String path, String type) {
        if (!type.equals(AUTO) && catalogue.find(type).isEmpty()) {
            findings.refuse(
                    path,
                    type,
                    "is not a GPU machine of the catalogue" + catalogue.names().suggestion(type),
                    "Write one of the catalogue, \"auto\", or nothing to use your own nodes;"
                            + " the value catalogue of the chart adds machines.");
        }
    }

    private int count(ResourceSpec spec, boolean tuning) {
        int count = Objects.requireNonNullElse(spec.count(), 1);
        if (count < 1) {
            findings.refuse("resource.count", "" + count, "must be at least 1", "Write 1.");
        } else if (tuning && count != 1) {
            findings.refuse(
                    "resource.count", "" + count, "must be 1 for tuning", "Write 1; tuning runs on one machine.");
        } else if (count != 1) {
            findings.refuse(
                    "resource.count",
                    "" + count,
                    "must be 1, since this release serves a model from one machine",
                    "Make a Workspace with count: 1, and choose a machine with more GPUs where one is too small.");
        }
        return count;
    }

    private Map<String, String> labels(@Nullable LabelSelector selector) {
        String path = "resource.labelSelector";
        Map<String, String> labels = new TreeMap<>();
        if (selector != null) {
            labels.putAll(Objects.requireNonNullElse(selector.getMatchLabels(), Map.of()));
            selector.getMatchExpressions().forEach(expression -> addExpression(path, expression, labels));
        }
        if (labels.keySet().stream().allMatch(MachineTranslator::reserved)) {
            findings.refuse(
                    path,
                    labels.isEmpty() ? "" : labels.toString(),
                    "must have a label of your own",
                    "Write matchLabels with at least one key outside kubernetes.io, kaito.sh and karpenter.sh, e.g. apps: phi-3.");
        }
        return labels;
    }

    private void addExpression(String path, LabelSelectorRequirement expression, Map<String, String> labels) {
        if ("In".equals(expression.getOperator()) && expression.getValues().size() == 1) {
            labels.put(expression.getKey(), expression.getValues().getFirst());
        } else {
            findings.refuse(
                    path + ".matchExpressions",
                    expression.getKey() + " " + expression.getOperator() + " " + expression.getValues(),
                    "must be In with one value, since new nodes are stamped with it",
                    "Write it under matchLabels.");
        }
    }

    private static boolean reserved(String key) {
        int slash = key.indexOf('/');
        String domain = slash < 0 ? "" : key.substring(0, slash);
        return RESERVED_DOMAINS.stream().anyMatch(each -> domain.equals(each) || domain.endsWith("." + each));
    }
}
