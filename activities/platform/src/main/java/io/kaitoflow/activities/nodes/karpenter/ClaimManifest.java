package io.kaitoflow.activities.nodes.karpenter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.kaitoflow.activities.nodes.karpenter.NodeClaimSpec.Requirement;
import io.kaitoflow.workflows.nodes.NodeRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The NodeClaims of a request: pure, so that the same request always asks for the same objects by the same names. */
final class ClaimManifest {

    /** Says which request a claim answers, so that a run that lost its memory can adopt it. */
    static final String REQUEST = "kaito.sh/node-request";

    private static final ObjectMapper JSON =
            JsonMapper.builder().addModule(new Jdk8Module()).build();

    private static final String NODE_POOL = "kaito";
    private static final NodeClaimSpec.Taint GPU_ONLY = new NodeClaimSpec.Taint("sku", "gpu", "NoSchedule");

    /** With {@code ws} in front it is what AKS takes as a pool's name. */
    private static final int NAME_DIGITS = 9;

    private final KarpenterSettings settings;

    ClaimManifest(KarpenterSettings settings) {
        this.settings = settings;
    }

    /** One name a machine; the first is the lease's. */
    static List<String> names(NodeRequest request) {
        return IntStream.range(0, request.machines().count())
                .mapToObj(ordinal -> name(request, ordinal))
                .toList();
    }

    List<NodeClaim> claims(NodeRequest request) {
        return names(request).stream().map(name -> claim(name, request)).toList();
    }

    /** Empty when somebody changed the annotation into something else. */
    static Optional<NodeRequest> request(NodeClaim claim) {
        try {
            String text = claim.getMetadata().getAnnotations().get(REQUEST);
            return Optional.ofNullable(text == null ? null : JSON.readValue(text, NodeRequest.class));
        } catch (JsonProcessingException changed) {
            return Optional.empty();
        }
    }

    private NodeClaim claim(String name, NodeRequest request) {
        NodeClaim claim = new NodeClaim();
        claim.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withLabels(labels(request))
                .withAnnotations(Map.of("karpenter.sh/do-not-disrupt", "true", REQUEST, json(request)))
                .build());
        claim.setSpec(new NodeClaimSpec(
                requirements(request),
                settings.nodeClass(),
                List.of(GPU_ONLY),
                new NodeClaimSpec.Resources(
                        Map.of("storage", String.valueOf(settings.disk().bytes()))),
                // The default would take a machine away in the middle of a long job.
                "Never",
                settings.terminationGrace().toSeconds() + "s"));
        return claim;
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
        if (settings.onAzure()) {
            requirements.add(Requirement.in("karpenter.azure.com/sku-name", kind));
        }
        return List.copyOf(requirements);
    }

    private static String name(NodeRequest request, int ordinal) {
        String seed = request.id().uid() + "/" + ordinal + "/" + request.number();
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(seed.getBytes(StandardCharsets.UTF_8));
            return "ws" + HexFormat.of().formatHex(hash).substring(0, NAME_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    private static String json(NodeRequest request) {
        try {
            return JSON.writeValueAsString(request);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A request that travels through history cannot be written as JSON", e);
        }
    }
}
