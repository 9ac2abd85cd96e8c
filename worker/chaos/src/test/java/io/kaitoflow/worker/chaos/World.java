package io.kaitoflow.worker.chaos;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.testcluster.DockerRegistry;
import io.kaitoflow.testcluster.TemporalDevServer;
import io.kaitoflow.testcluster.faults.Relay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All processes of an installation, and the cables between them. */
final class World implements AutoCloseable {

    private final Path folder = newFolder();
    private final Cluster cluster = new Cluster(folder.resolve("pods"));
    private final TemporalDevServer temporal = TemporalDevServer.start();
    private final DockerRegistry registry = DockerRegistry.start();
    private final Relay controlToApi =
            Relay.to(portOf(cluster.server().clientConfig().getMasterUrl()));
    private final Relay controlToTemporal = Relay.to(portOf(temporal.target()));
    private final Relay tunerToTemporal = Relay.to(portOf(temporal.target()));
    private final Relay toRegistry = Relay.to(registry.port());
    private final ClassArchives archives;
    private final ControlPlaneProcess control;

    World() {
        this(ClassArchives.none());
    }

    World(ClassArchives archives) {
        this.archives = archives;
        TinyModel.into(folder.resolve("models"));
        writeRows();
        control = new ControlPlaneProcess(folder, environment(), archives);
    }

    Path folder() {
        return folder;
    }

    Cluster cluster() {
        return cluster;
    }

    TemporalDevServer temporal() {
        return temporal;
    }

    DockerRegistry registry() {
        return registry;
    }

    ControlPlaneProcess control() {
        return control;
    }

    /** A replica beside it; its logs lie in a folder of its name. */
    ControlPlaneProcess another(String identity) {
        Map<String, String> environment = new TreeMap<>(environment());
        environment.put("KAITOFLOW_REPLICA", identity);
        try {
            return new ControlPlaneProcess(Files.createDirectories(folder.resolve(identity)), environment, archives);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Between any two of them. */
    List<Relay> cables() {
        return List.of(controlToApi, controlToTemporal, tunerToTemporal, toRegistry);
    }

    /** A job with a namespace of its own. */
    Job newJob(String name) {
        return new Job(
                cluster.server().newNamespace(),
                name,
                "127.0.0.1:" + toRegistry.port(),
                folder.resolve("rows"),
                Job.STEPS);
    }

    /** What is to be seen of a workspace now. */
    Sight look(Job job) {
        return cluster.watched().find(job).map(found -> sight(job, found)).orElseGet(() -> nothing(job));
    }

    private Sight sight(Job job, Workspace workspace) {
        String uid = workspace.getMetadata().getUid();
        var claims = cluster.watched().claims().stream()
                .filter(claim -> PretendKarpenter.owner(claim).equals(uid))
                .toList();
        var pods = cluster.watched().tuners().stream()
                .filter(pod -> uid.equals(pod.getMetadata().getLabels().get(PretendKarpenter.UID)))
                .toList();
        Optional<Deployment> server = cluster.watched().deployments().stream()
                .filter(found -> found.getMetadata().getNamespace().equals(job.namespace()))
                .findFirst();
        return new Sight(
                true,
                workspace.isMarkedForDeletion(),
                Optional.ofNullable(workspace.getStatus())
                        .map(WorkspaceStatus::phase)
                        .orElse(""),
                claims.size(),
                claims.stream().anyMatch(PretendKarpenter::ready),
                !pods.isEmpty(),
                pods.stream().anyMatch(PretendKubelet::ready),
                files(uid),
                images(job),
                server.isPresent(),
                server.filter(PretendDeployments::ready).isPresent());
    }

    private Sight nothing(Job job) {
        return new Sight(
                false,
                false,
                "",
                0,
                false,
                false,
                false,
                new Sight.Files(false, false, false),
                images(job),
                false,
                false);
    }

    private Sight.Images images(Job job) {
        var tags = registry.tags(job.repository()).keySet();
        return new Sight.Images(
                registry.knows(job.repository()),
                tags.stream().anyMatch(tag -> tag.startsWith(job.tag() + "-checkpoint-")),
                tags.contains(job.tag()));
    }

    private Sight.Files files(String uid) {
        List<Path> homes =
                cluster.kubelet().disks(uid).stream().map(PodProcess::home).toList();
        return new Sight.Files(
                homes.stream().anyMatch(home -> Files.exists(home.resolve("datasets"))),
                homes.stream().anyMatch(home -> found(home, "losses.csv")),
                homes.stream().anyMatch(home -> found(home, "artifact.json")));
    }

    private static boolean found(Path home, String name) {
        Path runs = home.resolve("runs");
        if (!Files.exists(runs)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(runs)) {
            return files.anyMatch(file -> file.getFileName().toString().equals(name));
        } catch (IOException | UncheckedIOException beingWiped) {
            return false;
        }
    }

    private void writeRows() {
        try {
            Files.writeString(Files.createDirectories(folder.resolve("rows")).resolve("rows.jsonl"), Job.rows());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> environment() {
        Path natives = Path.of("target", "natives").toAbsolutePath();
        return Map.ofEntries(
                Map.entry("KUBECONFIG", kubeconfig().toString()),
                Map.entry("KAITOFLOW_TEMPORAL_ADDRESS", "127.0.0.1:" + controlToTemporal.port()),
                Map.entry("KAITOFLOW_RUNTIME_TEMPORAL_ADDRESS", "127.0.0.1:" + tunerToTemporal.port()),
                Map.entry("KAITOFLOW_REPLICA", "control"),
                Map.entry("KAITOFLOW_HEALTH_PORT", "0"),
                Map.entry("KAITOFLOW_RUNTIME_IMAGE_CUDA", "registry.invalid/kaitoflow-runtime:test"),
                Map.entry(
                        "KAITOFLOW_RUNTIME_COMMAND",
                        "java -XX:+UseSerialGC " + String.join(" ", archives.ofTuner()) + " -cp @" + classPath()),
                Map.entry("KAITOFLOW_ALLOW_HOST_PATH", "true"),
                Map.entry("KAITOFLOW_MODEL_CACHE", "node:" + folder.resolve("models")),
                Map.entry("KAITOFLOW_POD_ENV_KAITOFLOW_MODEL_MIRROR", TinyModel.MIRROR),
                Map.entry("KAITOFLOW_POD_ENV_DJL_CACHE_DIR", natives.toString()),
                Map.entry("KAITOFLOW_POD_ENV_KAITOFLOW_DEVICE", "cpu"));
    }

    private Path kubeconfig() {
        try {
            String direct = Files.readString(cluster.server().kubeconfig());
            int port = portOf(cluster.server().clientConfig().getMasterUrl());
            return Files.writeString(
                    folder.resolve("kubeconfig"),
                    direct.replace("https://127.0.0.1:" + port, "https://127.0.0.1:" + controlToApi.port()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As an image has it: a file with the class path in it. */
    private Path classPath() {
        try {
            return Files.writeString(folder.resolve("class-path"), System.getProperty("java.class.path"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int portOf(String address) {
        return Integer.parseInt(address.replaceFirst("/+$", "").replaceFirst(".*:", ""));
    }

    private static Path newFolder() {
        try {
            return Files.createTempDirectory("kaitoflow-chaos");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        // Each is closed although another one would not.
        try (TemporalDevServer _ = temporal;
                DockerRegistry _ = registry;
                Relay _ = controlToApi;
                Relay _ = controlToTemporal;
                Relay _ = tunerToTemporal;
                Relay _ = toRegistry;
                Cluster _ = cluster) {
            control.close();
        }
    }
}
