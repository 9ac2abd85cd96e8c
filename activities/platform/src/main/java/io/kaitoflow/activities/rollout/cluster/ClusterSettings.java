package io.kaitoflow.activities.rollout.cluster;

import io.kaitoflow.activities.rollout.cluster.access.PushAccount;
import io.kaitoflow.activities.rollout.cluster.place.Placement;
import io.kaitoflow.activities.rollout.cluster.trouble.Patience;
import io.kaitoflow.activities.rollout.cluster.volumes.ModelCache;
import io.kaitoflow.activities.rollout.cluster.volumes.ParkingSpace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How an installation runs pods.
 *
 * @param images that they are made of
 * @param pods what they find around them
 * @param installation told apart from others in the same cluster
 * @param patience with what is wrong with them
 */
public record ClusterSettings(RuntimeImages images, PodSettings pods, String installation, Patience patience) {

    /** What follows in a name is the name of a variable of every pod. */
    private static final String OF_PODS = "KAITOFLOW_POD_ENV_";

    private static final String COMMAND = "java -cp @/app/jib-classpath-file";
    private static final Set<String> PULL_POLICIES = Set.of("IfNotPresent", "Always", "Never");

    /** @throws IllegalArgumentException that names the variable, its value and the rule */
    public static ClusterSettings from(Map<String, String> environment) {
        Variables variables = new Variables(environment);
        return new ClusterSettings(
                new RuntimeImages(
                        variables.find("KAITOFLOW_RUNTIME_IMAGE"),
                        variables.find("KAITOFLOW_RUNTIME_IMAGE_CUDA"),
                        variables.find("KAITOFLOW_RUNTIME_IMAGE_VLLM"),
                        variables.oneOf("KAITOFLOW_RUNTIME_PULL_POLICY", PULL_POLICIES, "IfNotPresent"),
                        variables.words("KAITOFLOW_RUNTIME_PULL_SECRETS", ""),
                        variables.words("KAITOFLOW_RUNTIME_COMMAND", COMMAND)),
                pods(variables),
                variables.find("KAITOFLOW_INSTALLATION").orElse("kaitoflow"),
                Patience.usual());
    }

    private static PodSettings pods(Variables variables) {
        return new PodSettings(
                variables
                        .find("KAITOFLOW_RUNTIME_TEMPORAL_ADDRESS")
                        .or(() -> variables.find("KAITOFLOW_TEMPORAL_ADDRESS"))
                        .orElse("127.0.0.1:7233"),
                variables.find("KAITOFLOW_TEMPORAL_NAMESPACE").orElse("default"),
                variables.find("KAITOFLOW_GATEWAY_KEYS").isPresent(),
                variables.flag("KAITOFLOW_TUNER_NETWORK_POLICY"),
                variables.cache("KAITOFLOW_MODEL_CACHE"),
                variables.parking("KAITOFLOW_PARKING_SIZE", "KAITOFLOW_PARKING_STORAGE_CLASS"),
                variables.placement("KAITOFLOW_RUNTIME_PLACEMENT"),
                variables.flag("KAITOFLOW_ALLOW_HOST_PATH"),
                variables.find(PodSettings.MIRRORS),
                variables.account(PushAccount.VARIABLE),
                variables.beginningWith(OF_PODS));
    }

    /** The process's variables; an empty one is one that is not set, as charts write them. */
    private record Variables(Map<String, String> all) {

        Optional<String> find(String name) {
            return Optional.ofNullable(all.get(name)).map(String::strip).filter(text -> !text.isEmpty());
        }

        String oneOf(String name, Set<String> allowed, String otherwise) {
            String text = find(name).orElse(otherwise);
            if (!allowed.contains(text)) {
                throw new IllegalArgumentException(name + ": \"" + text + "\" must be one of "
                        + String.join(", ", allowed.stream().sorted().toList()) + ".");
            }
            return text;
        }

        boolean flag(String name) {
            return oneOf(name, Set.of("true", "false"), "false").equals("true");
        }

        List<String> words(String name, String otherwise) {
            return Stream.of(find(name).orElse(otherwise).split("[,\\s]+"))
                    .filter(word -> !word.isEmpty())
                    .toList();
        }

        ModelCache cache(String name) {
            try {
                return ModelCache.parse(find(name).orElse("pod"));
            } catch (IllegalArgumentException bad) {
                throw new IllegalArgumentException(name + ": " + bad.getMessage(), bad);
            }
        }

        Placement placement(String name) {
            try {
                return find(name).map(Placement::parse).orElseGet(Placement::anywhere);
            } catch (IllegalArgumentException bad) {
                throw new IllegalArgumentException(name + ": " + bad.getMessage(), bad);
            }
        }

        Optional<PushAccount> account(String name) {
            try {
                return find(name).map(PushAccount::new);
            } catch (IllegalArgumentException bad) {
                throw new IllegalArgumentException(name + ": " + bad.getMessage(), bad);
            }
        }

        ParkingSpace parking(String size, String storageClass) {
            try {
                return new ParkingSpace(find(storageClass), find(size).orElse(ParkingSpace.USUAL_SIZE));
            } catch (IllegalArgumentException bad) {
                throw new IllegalArgumentException(size + ": " + bad.getMessage(), bad);
            }
        }

        Map<String, String> beginningWith(String prefix) {
            Map<String, String> found = new TreeMap<>();
            all.forEach((name, value) -> {
                if (name.startsWith(prefix)) {
                    found.put(name.substring(prefix.length()), value);
                }
            });
            return found;
        }
    }
}
