package io.kaitoflow.activities.nodes.karpenter;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.kaitoflow.activities.nodes.ClaimLabels;
import io.kaitoflow.activities.nodes.ClaimName;
import io.kaitoflow.activities.nodes.RequestText;
import io.kaitoflow.activities.nodes.karpenter.NodeClaimSpec.Requirement;
import io.kaitoflow.workflows.nodes.NodeRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The NodeClaims of a request: pure, so that the same request always asks for the same objects by the same names. */
final class ClaimManifest {

    private static final String NODE_POOL = "kaito";
    private static final String IMAGE_FAMILY = "kaito.sh/node-image-family";
    private static final NodeClaimSpec.Taint GPU_ONLY = new NodeClaimSpec.Taint("sku", "gpu", "NoSchedule");

    private final KarpenterSettings settings;

    ClaimManifest(KarpenterSettings settings) {
        this.settings = settings;
    }

    /** One name a machine; the first is the lease's. */
    static List<String> names(NodeRequest request) {
        return IntStream.range(0, request.machines().count())
                .mapToObj(ordinal -> ClaimName.of(request, ordinal))
                .toList();
    }

    List<NodeClaim> claims(NodeRequest request) {
        return names(request).stream().map(name -> claim(name, request)).toList();
    }

    /** Empty when somebody changed the annotation into something else. */
    static Optional<NodeRequest> request(NodeClaim claim) {
        return Optional.ofNullable(claim.getMetadata().getAnnotations())
                .flatMap(annotations -> RequestText.read(annotations.get(RequestText.ANNOTATION)));
    }

    private NodeClaim claim(String name, NodeRequest request) {
        NodeClaim claim = new NodeClaim();
        claim.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withLabels(labels(request))
                .withAnnotations(annotations(request))
                .build());
        claim.setSpec(new NodeClaimSpec(
                requirements(request),
                request.machines()
                        .nodes()
                        .nodeClass()
                        .map(settings.nodeClass()::named)
                        .orElse(settings.nodeClass()),
                List.of(GPU_ONLY),
                new NodeClaimSpec.Resources(Map.of(
                        settings.diskResource(), String.valueOf(settings.disk().bytes()))),
                // The default would take a machine away in the middle of a long job.
                "Never",
                settings.terminationGrace().toSeconds() + "s"));
        return claim;
    }

    private static Map<String, String> annotations(NodeRequest request) {
        Map<String, String> annotations = new TreeMap<>(
                Map.of("karpenter.sh/do-not-disrupt", "true", RequestText.ANNOTATION, RequestText.write(request)));
        // Read by gpu-provisioner; other controllers take the image from the node class.
        request.machines().nodes().imageFamily().ifPresent(family -> annotations.put(IMAGE_FAMILY, family));
        return annotations;
    }

    /** Ours win over a user's labels of the same name. */
    private Map<String, String> labels(NodeRequest request) {
        Map<String, String> labels = new TreeMap<>(request.machines().labels());
        labels.putAll(ClaimLabels.of(request.id(), settings.installation()));
        labels.put("karpenter.sh/nodepool", NODE_POOL);
        return labels;
    }

    private List<Requirement> requirements(NodeRequest request) {
        String kind = request.option().instanceType();
        List<Requirement> requirements = new ArrayList<>(List.of(
                Requirement.in("karpenter.sh/nodepool", NODE_POOL),
                Requirement.in("node.kubernetes.io/instance-type", kind),
                Requirement.in("kubernetes.io/os", "linux"),
                Requirement.in("karpenter.sh/capacity-type", request.option().spot() ? "spot" : "on-demand")));
        request.option()
                .zone()
                .ifPresent(zone -> requirements.add(Requirement.in("topology.kubernetes.io/zone", zone)));
        if (settings.onAzure()) {
            requirements.add(Requirement.in("karpenter.azure.com/sku-name", kind));
        }
        return List.copyOf(requirements);
    }
}
