package io.kaitoflow.activities.rollout.cluster.place;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where pods run that the scheduler may put wherever there is room.
 *
 * @param nodeSelector labels that a node has to have, beside those of machines that our images are made for
 * @param tolerations as Kubernetes writes them
 * @param priorityClassName of the pods
 */
public record Placement(
        Map<String, String> nodeSelector, List<Toleration> tolerations, Optional<String> priorityClassName) {

    private static final JsonMapper JSON =
            JsonMapper.builder().addModule(new Jdk8Module()).build();

    /** A kubelet labels its node so. */
    private static final Map<String, String> MADE_FOR =
            Map.of("kubernetes.io/os", "linux", "kubernetes.io/arch", "amd64");

    public Placement {
        nodeSelector = Map.copyOf(Objects.requireNonNullElse(nodeSelector, Map.of()));
        tolerations = List.copyOf(Objects.requireNonNullElse(tolerations, List.of()));
        priorityClassName = priorityClassName.filter(name -> !name.isBlank());
    }

    /** Every machine that our images are made for. */
    public static Placement anywhere() {
        return new Placement(Map.of(), List.of(), Optional.empty());
    }

    /**
     * Reads {@code {"nodeSelector": {"pool": "small"}, "tolerations": [{"key": "CriticalAddonsOnly", "operator": "Exists"}]}}.
     *
     * @throws IllegalArgumentException that says what is wrong
     */
    public static Placement parse(String json) {
        try {
            Placement read = JSON.readValue(json, Placement.class);
            read.tolerations().forEach(toleration -> requireKnown(toleration, json));
            return read;
        } catch (JsonProcessingException wrong) {
            throw new IllegalArgumentException(
                    "\"" + json + "\" does not say where pods run: " + wrong.getOriginalMessage(), wrong);
        }
    }

    private static void requireKnown(Toleration toleration, String json) {
        toleration.getAdditionalProperties().keySet().forEach(name -> {
            throw new IllegalArgumentException(
                    "\"" + json + "\" does not say where pods run: a toleration has no field " + name + ".");
        });
    }

    /** What the installation says of a label counts, as its images may be made for other machines. */
    public void addTo(PodSpecBuilder spec) {
        Map<String, String> labels = new TreeMap<>(MADE_FOR);
        labels.putAll(nodeSelector);
        spec.withNodeSelector(labels).withTolerations(tolerations);
        priorityClassName.ifPresent(spec::withPriorityClassName);
    }
}
