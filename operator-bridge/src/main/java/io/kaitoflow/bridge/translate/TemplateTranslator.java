package io.kaitoflow.bridge.translate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.kaitoflow.bridge.api.InferenceSpec;
import io.kaitoflow.bridge.refusal.Findings;
import io.kaitoflow.workflows.request.WorkspaceGoal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Translates {@code inference.template}: a pod of the owner's own, of which nothing is known but what Kubernetes needs to know. */
record TemplateTranslator(Findings findings) {

    private static final String PATH = "inference.template";

    /** It travels through history, and stands in annotations that have a limit for all of them. */
    private static final int MOST_BYTES = 64 * 1024;

    private static final ObjectMapper CANONICAL =
            JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();

    /** Empty only when something was refused. */
    Optional<WorkspaceGoal> translate(InferenceSpec spec, JsonNode template) {
        refuseWhatOnlyPresetsHave(spec);
        read(template).map(PodTemplateSpec::getSpec).ifPresentOrElse(this::checkPod, this::refuseEmpty);
        String pod = write(template);
        int bytes = pod.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_BYTES) {
            findings.refuse(
                    PATH,
                    bytes + " bytes of JSON",
                    "must be at most " + MOST_BYTES,
                    "Put long texts into a ConfigMap that the pod mounts.");
        }
        return findings.refusals().isEmpty() ? Optional.of(new WorkspaceGoal.ServeTemplate(pod)) : Optional.empty();
    }

    private void refuseWhatOnlyPresetsHave(InferenceSpec spec) {
        if (!spec.adapters().isEmpty()) {
            findings.refuse(
                    "inference.adapters",
                    spec.adapters().size() + " adapters",
                    "go with a preset, and not with a pod of your own",
                    "Have the pod load them, or name a preset.");
        }
        if (spec.config() != null && !spec.config().isBlank()) {
            findings.refuse(
                    "inference.config",
                    spec.config(),
                    "goes with a preset, and not with a pod of your own",
                    "Give the pod its settings itself, or name a preset.");
        }
    }

    /** A field of the wrong type is named with its place. */
    private Optional<PodTemplateSpec> read(JsonNode template) {
        try {
            return Optional.of(CANONICAL.treeToValue(template, PodTemplateSpec.class));
        } catch (JsonMappingException wrong) {
            findings.refuse(
                    PATH
                            + wrong.getPath().stream()
                                    .map(TemplateTranslator::step)
                                    .collect(Collectors.joining()),
                    "",
                    "has a value of the wrong type",
                    "See: kubectl explain pod.spec.");
        } catch (JsonProcessingException wrong) {
            findings.refuse(PATH, "", "is no pod template", "See: kubectl explain pod.spec.");
        }
        return Optional.empty();
    }

    private static String step(JsonMappingException.Reference reference) {
        return reference.getFieldName() == null ? "[" + reference.getIndex() + "]" : "." + reference.getFieldName();
    }

    private void refuseEmpty() {
        if (findings.refusals().isEmpty()) {
            findings.refuse(PATH + ".spec", "", "is required", "Write the pod, as in a Deployment.");
        }
    }

    private void checkPod(PodSpec pod) {
        List<Container> containers = pod.getContainers();
        if (containers.isEmpty()) {
            findings.refuse(
                    PATH + ".spec.containers", "", "is required", "Name at least one container with its image.");
        }
        String restart = pod.getRestartPolicy();
        if (restart != null && !restart.equals("Always")) {
            findings.refuse(
                    PATH + ".spec.restartPolicy",
                    restart,
                    "must be Always, since a Deployment runs the pod",
                    "Remove it.");
        }
        if (containers.stream().flatMap(TemplateTranslator::portNames).noneMatch("http"::equals)) {
            findings.note(
                    PATH + ": no container has a port named http, so requests to the Service's port 80 go to the pod's"
                            + " port 5000.");
        }
    }

    private static Stream<String> portNames(Container container) {
        return container.getPorts().stream().flatMap(port -> Stream.ofNullable(port.getName()));
    }

    private static String write(JsonNode template) {
        try {
            return CANONICAL.writeValueAsString(template);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("What was read from JSON cannot be written as JSON", e);
        }
    }
}
