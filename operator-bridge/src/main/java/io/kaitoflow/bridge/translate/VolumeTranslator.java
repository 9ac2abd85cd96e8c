package io.kaitoflow.bridge.translate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Volume;
import io.kaitoflow.bridge.refusal.Findings;
import io.kaitoflow.workflows.request.VolumeReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Translates a volume to one of the three kinds that can be read. */
record VolumeTranslator(Findings findings) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> POSSIBLE = List.of("persistentVolumeClaim", "configMap", "hostPath");

    Optional<VolumeReference> translate(String path, Volume volume) {
        List<String> kinds = kinds(volume);
        if (kinds.size() != 1) {
            return refused(path, String.join(", ", kinds), "must name exactly one kind of volume");
        }
        if (!POSSIBLE.contains(kinds.getFirst())) {
            return refused(path, kinds.getFirst(), "is a kind of volume that is not possible yet");
        }
        Optional<VolumeReference> reference = reference(volume);
        return reference.isPresent() ? reference : refused(path + "." + kinds.getFirst(), "", "does not say which one");
    }

    private Optional<VolumeReference> refused(String path, String value, String rule) {
        findings.refuse(path, value, rule, "Write one of " + String.join(", ", POSSIBLE) + ".");
        return Optional.empty();
    }

    private static List<String> kinds(Volume volume) {
        JsonNode tree = JSON.valueToTree(volume);
        List<String> kinds = new ArrayList<>();
        tree.fieldNames().forEachRemaining(kinds::add);
        kinds.remove("name");
        return kinds;
    }

    private static Optional<VolumeReference> reference(Volume volume) {
        if (volume.getPersistentVolumeClaim() != null) {
            return named(volume.getPersistentVolumeClaim().getClaimName()).map(VolumeReference.Claim::new);
        }
        if (volume.getConfigMap() != null) {
            return named(volume.getConfigMap().getName()).map(VolumeReference.ConfigMap::new);
        }
        return named(Objects.requireNonNull(volume.getHostPath()).getPath()).map(VolumeReference.HostPath::new);
    }

    private static Optional<String> named(@Nullable String name) {
        return Optional.ofNullable(name).filter(text -> !text.isBlank());
    }
}
