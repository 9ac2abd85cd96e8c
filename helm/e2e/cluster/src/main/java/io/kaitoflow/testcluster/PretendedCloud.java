package io.kaitoflow.testcluster;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The real Karpenter on a real API server, with its own provider for tests: a machine is a Node object, and kwok says that it is
 * ready. A claim is answered within about two seconds.
 */
public final class PretendedCloud implements AutoCloseable {

    /** Of the class that {@link #start} makes. */
    public static final String CLASS_GROUP = "karpenter.kwok.sh";

    public static final String CLASS_KIND = "KWOKNodeClass";
    public static final String CLASS_NAME = "default";

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final String NODE_CLASS = """
            {"apiVersion": "%s/v1alpha1", "kind": "%s", "metadata": {"name": "%s"}}
            """.formatted(CLASS_GROUP, CLASS_KIND, CLASS_NAME);

    private final Path folder;
    private final Program karpenter;
    private final Program kwok;

    private PretendedCloud(Path folder, Program karpenter, Program kwok) {
        this.folder = folder;
        this.karpenter = karpenter;
        this.kwok = kwok;
    }

    /**
     * Applies Karpenter's definitions and a node class, and returns when Karpenter is ready.
     *
     * @param server stays the caller's
     * @param devices the kinds of machines that there are, each with its number of GPUs
     * @throws IllegalStateException when the programs are not there; the message says how to get them
     */
    public static PretendedCloud start(ApiServer server, Map<String, Integer> devices) {
        try {
            Path folder = Files.createTempDirectory("kaitoflow-karpenter");
            prepare(server, folder);
            Path kinds = Files.writeString(folder.resolve("kinds.json"), kinds(devices));
            int probes = FreePorts.next();
            PretendedCloud cloud = new PretendedCloud(
                    folder, startKarpenter(server, folder, kinds, probes), startKwok(server, folder));
            cloud.awaitReady(probes);
            return cloud;
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to prepare Karpenter", e);
        }
    }

    private static void prepare(ApiServer server, Path folder) throws IOException {
        try (Stream<Path> definitions = Files.list(Karpenter.definitions())) {
            definitions
                    .filter(file -> file.toString().endsWith(".yaml"))
                    .forEach(file -> server.define(file, name(file)));
        }
        Path nodeClass = Files.writeString(folder.resolve("class.json"), NODE_CLASS);
        server.kubectl()
                .run("apply", "--server-side", "--filename", nodeClass.toString())
                .orFail();
    }

    /** {@code karpenter.sh_nodeclaims.yaml} defines {@code nodeclaims.karpenter.sh}. */
    private static String name(Path definition) {
        String[] parts =
                definition.getFileName().toString().replace(".yaml", "").split("_", -1);
        return parts[1] + "." + parts[0];
    }

    private static String kinds(Map<String, Integer> devices) {
        return Serialization.asJson(devices.entrySet().stream()
                .map(kind -> kind(kind.getKey(), kind.getValue()))
                .toList());
    }

    private static Map<String, Object> kind(String name, int devices) {
        return Map.of(
                "name",
                name,
                "architecture",
                "amd64",
                "operatingSystems",
                List.of("linux"),
                "resources",
                Map.of("cpu", "24", "memory", "220Gi", "ephemeral-storage", "400Gi", "nvidia.com/gpu", devices),
                "offerings",
                List.of(offering("on-demand", 3.67), offering("spot", 1.47)));
    }

    private static Map<String, Object> offering(String capacity, double price) {
        return Map.of(
                "Price",
                price,
                "Available",
                true,
                "Requirements",
                List.of(
                        requirement("karpenter.sh/capacity-type", capacity),
                        requirement("topology.kubernetes.io/zone", "zone-1")));
    }

    private static Map<String, Object> requirement(String key, String value) {
        return Map.of("key", key, "operator", "In", "values", List.of(value));
    }

    private static Program startKarpenter(ApiServer server, Path folder, Path kinds, int probes) {
        return Program.start(
                List.of(Karpenter.program().toString()),
                Map.of(
                        "KUBECONFIG",
                        server.kubeconfig().toString(),
                        "SYSTEM_NAMESPACE",
                        "kube-system",
                        "DISABLE_LEADER_ELECTION",
                        "true",
                        "METRICS_PORT",
                        String.valueOf(FreePorts.next()),
                        "HEALTH_PROBE_PORT",
                        String.valueOf(probes),
                        "INSTANCE_TYPES_FILE_PATH",
                        kinds.toString()),
                folder.resolve("karpenter.log"));
    }

    private static Program startKwok(ApiServer server, Path folder) {
        return Program.start(
                List.of(
                        Karpenter.kwok().toString(),
                        "--kubeconfig=" + server.kubeconfig(),
                        "--manage-all-nodes=false",
                        "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
                        "--manage-nodes-with-label-selector=",
                        "--node-ip=127.0.0.1",
                        "--cidr=10.245.0.0/24",
                        "--server-address=127.0.0.1:" + FreePorts.next()),
                folder.resolve("kwok.log"));
    }

    private void awaitReady(int probes) {
        Awaitility.await("Karpenter")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .failFast(this::checkAlive)
                .until(() -> ready(probes));
    }

    private static boolean ready(int probes) throws InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest question = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + probes + "/readyz"))
                    .build();
            return http.send(question, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private void checkAlive() {
        if (!karpenter.running() || !kwok.running()) {
            throw new IllegalStateException(
                    "It ended by itself.\nKarpenter: " + karpenter.lastWords() + "\nkwok: " + kwok.lastWords());
        }
    }

    /** What Karpenter said last, for messages. */
    public String lastWords() {
        return karpenter.lastWords();
    }

    @Override
    public void close() {
        karpenter.close();
        kwok.close();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to remove " + folder, e);
        }
    }
}
