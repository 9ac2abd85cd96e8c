package io.kaitoflow.activities.rollout.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.kaitoflow.activities.rollout.cluster.access.PushAccount;
import io.kaitoflow.activities.rollout.cluster.access.TunerWalls;
import io.kaitoflow.workflows.parking.ParkingActivities;
import io.kaitoflow.workflows.preflight.AdapterTask;
import io.kaitoflow.workflows.rollout.RolloutActivities.PusherInput;
import io.kaitoflow.workflows.rollout.RolloutActivities.RollInput;
import io.kaitoflow.workflows.rollout.RolloutActivities.TunerInput;
import io.kaitoflow.workflows.tuning.DatasetActivities;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * A folder a case: in-environment.properties and in-tuner.json, in-inspect.json or in-adapters.json become out-pod.yaml, and
 * out-secret.yaml and out-network.yaml where tuners are not trusted; in-pusher.json becomes out-pod.yaml, in-keep.json becomes out-pod.yaml
 * and out-claim.yaml; in-roll.json becomes out-deployment.yaml and out-service.yaml. Run with -Dgolden.rewrite=true to write the outputs anew.
 */
class GoldenManifestTest {

    private static final Path FOLDER =
            Path.of("src", "test", "resources", "io", "kaitoflow", "activities", "rollout", "cluster", "golden");
    private static final String ENVIRONMENT = "in-environment.properties";
    private static final ObjectMapper JSON =
            JsonMapper.builder().addModule(new Jdk8Module()).build();

    @TestFactory
    List<DynamicTest> everyCaseBecomesItsManifests() throws IOException {
        return cases().map(folder -> DynamicTest.dynamicTest(name(folder), () -> check(folder)))
                .toList();
    }

    /** What the environment and the arguments hold is shown to everybody who may read pods. */
    @TestFactory
    List<DynamicTest> noSecretIsNamedOutsideOfVolumes() throws IOException {
        return cases().map(folder -> DynamicTest.dynamicTest(
                        name(folder),
                        () -> assertThat(manifests(folder).values().stream().collect(Collectors.joining()))
                                .doesNotContain("secretKeyRef", "secretRef", "serviceAccount:")))
                .toList();
    }

    /** A pod of ours is nobody to the cluster, and to others who its namespace's account says, where it has to push. */
    @TestFactory
    List<DynamicTest> noPodIsGivenAnAccountOrATokenOfTheCluster() throws IOException {
        return cases().map(folder -> DynamicTest.dynamicTest(name(folder), () -> {
                    String manifests = manifests(folder).values().stream().collect(Collectors.joining());
                    boolean lent = environment(folder).containsKey(PushAccount.VARIABLE);

                    assertThat(manifests.contains("serviceAccountName: \"kaitoflow-push\""))
                            .isEqualTo(lent);
                    assertThat(manifests.contains("serviceAccountName")).isEqualTo(lent);
                    assertThat(manifests).doesNotContain("automountServiceAccountToken: true");
                }))
                .toList();
    }

    private static void check(Path folder) throws IOException {
        Map<String, String> manifests = manifests(folder);
        if (Boolean.getBoolean("golden.rewrite")) {
            for (Map.Entry<String, String> manifest : manifests.entrySet()) {
                Files.writeString(folder.resolve(manifest.getKey()), manifest.getValue());
            }
        }

        assertThat(manifests).isNotEmpty();
        for (Map.Entry<String, String> manifest : manifests.entrySet()) {
            assertThat(manifest.getValue()).isEqualTo(Files.readString(folder.resolve(manifest.getKey())));
        }
        TreeSet<String> expected = new TreeSet<>(manifests.keySet());
        expected.add(ENVIRONMENT);
        expected.add(input(folder).orElseThrow());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(GoldenManifestTest::name)).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private static Map<String, String> manifests(Path folder) throws IOException {
        ClusterSettings settings = ClusterSettings.from(environment(folder));
        String name = input(folder).orElseThrow(() -> new AssertionError(folder + " has no input"));
        File input = folder.resolve(name).toFile();
        return switch (name) {
            case "in-tuner.json" -> tuner(settings, JSON.readValue(input, TunerInput.class));
            case "in-inspect.json" ->
                pod(new InspectorManifest(settings).pod(JSON.readValue(input, DatasetActivities.Input.class)));
            case "in-adapters.json" ->
                pod(new InspectorManifest(settings).pod(JSON.readValue(input, AdapterTask.class)));
            case "in-pusher.json" -> pod(new TunerManifest(settings).pusher(JSON.readValue(input, PusherInput.class)));
            case "in-keep.json" -> keeper(settings, JSON.readValue(input, ParkingActivities.Input.class));
            default -> server(settings, JSON.readValue(input, RollInput.class));
        };
    }

    private static Optional<String> input(Path folder) {
        return Stream.of(
                        "in-tuner.json",
                        "in-inspect.json",
                        "in-adapters.json",
                        "in-pusher.json",
                        "in-keep.json",
                        "in-roll.json")
                .filter(name -> Files.exists(folder.resolve(name)))
                .findFirst();
    }

    private static Map<String, String> tuner(ClusterSettings settings, TunerInput input) {
        Map<String, String> manifests = new TreeMap<>(pod(new TunerManifest(settings).pod(input)));
        if (settings.pods().guarded()) {
            Map<String, String> files = Map.of("token", "secret", "ca.crt", "authority");
            manifests.put(
                    "out-secret.yaml", Serialization.asYaml(new TunerManifest(settings).access(input.id(), files)));
        }
        if (settings.pods().walled()) {
            TunerWalls walls = new TunerWalls(List.of(
                    new TunerWalls.Door("10.0.0.1", 443),
                    new TunerWalls.Door("192.168.77.1", 6443),
                    new TunerWalls.Door("192.168.77.1", 6444),
                    new TunerWalls.Door("fd00::1", 443)));
            manifests.put(
                    "out-network.yaml", Serialization.asYaml(new TunerManifest(settings).network(input.id(), walls)));
        }
        return manifests;
    }

    private static Map<String, String> keeper(ClusterSettings settings, ParkingActivities.Input input) {
        KeeperManifest manifest = new KeeperManifest(settings);
        return new TreeMap<>(Map.of(
                "out-pod.yaml",
                Serialization.asYaml(manifest.pod(input)),
                "out-claim.yaml",
                Serialization.asYaml(manifest.claim(input.id()))));
    }

    private static Map<String, String> pod(Pod pod) {
        return Map.of("out-pod.yaml", Serialization.asYaml(pod));
    }

    private static Map<String, String> server(ClusterSettings settings, RollInput input) {
        return new TreeMap<>(Map.of(
                "out-deployment.yaml",
                Serialization.asYaml(new ServerManifests(settings).deployment(input)),
                "out-service.yaml",
                Serialization.asYaml(new ServerManifests(settings).service(input))));
    }

    private static Map<String, String> environment(Path folder) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(folder.resolve(ENVIRONMENT))) {
            properties.load(reader);
        }
        return properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(Function.identity(), properties::getProperty));
    }

    private static Stream<Path> cases() throws IOException {
        try (Stream<Path> cases = Files.list(FOLDER)) {
            return cases.sorted().toList().stream();
        }
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }
}
