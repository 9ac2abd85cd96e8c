package io.kaitoflow.worker.control.upgrade;

import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.api.WorkspaceStatus;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.worker.control.PlayedControllers;
import io.kaitoflow.worker.control.Program;
import io.kaitoflow.worker.control.Replica;
import io.kaitoflow.worker.control.TestCluster;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;

/**
 * Many open runs, as many in each phase, while two replicas of an earlier build of the control plane are replaced by two of this one, as
 * a Deployment does; then everything may go on. By hand: {@code worker/control/upgrade}. Says how long it took and what was done twice;
 * ends with 1 when something was, or a run is another one.
 */
public final class UpgradeDrill {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    private static final List<String> STEPS = List.of(
            "Dataset.Fetch", "Tuning.Tune", "Tuning.Evaluate", "Image.Push", "Rollout.StartTuner", "Rollout.Roll");

    private static final String WORKSPACE = """
            apiVersion: kaito.sh/v1beta1
            kind: Workspace
            metadata: {name: %1$s, annotations: {kaito.sh/allow-uninspected: "true"%2$s}}
            resource:
              instanceType: Standard_NC24ads_A100_v4
              labelSelector: {matchLabels: {apps: %1$s}}
            tuning:
              preset: {name: smollm2-135m-instruct}
              method: qlora
              input: {volumeSource: {hostPath: {path: /data}}}
              output: {image: "127.0.0.1:1/adapters/%1$s:1", imagePushSecret: push}
            ---
            """;

    private final TestCluster cluster;
    private final PretendCloud cloud;
    private final PretendTuner tuner = new PretendTuner();
    private final List<WorkerFactory> tuners = new ArrayList<>();
    private final TemporalConnection connection;
    private final Histories histories;
    private final String namespace;
    private final Map<String, String> runs = new LinkedHashMap<>();
    private final List<String> complaints = new ArrayList<>();

    private UpgradeDrill(TestCluster cluster, PretendCloud cloud, TemporalConnection connection) {
        this.cluster = cluster;
        this.cloud = cloud;
        this.connection = connection;
        this.histories = new Histories(connection, "default");
        this.namespace = cluster.server().newNamespace();
    }

    /** Arguments: how many workspaces, the class path of the earlier build. */
    public static void main(String[] arguments) throws IOException {
        Program earlier = Program.of(arguments[1]);
        List<String> complaints;
        try (TestCluster cluster = TestCluster.start();
                PretendCloud cloud = new PretendCloud(cluster);
                TemporalConnection connection = TemporalConnection.open(cluster.temporal());
                Replica first = replica(cluster, "first").running(earlier);
                Replica second = replica(cluster, "second").running(earlier);
                Replica third = replica(cluster, "third").running(Program.today());
                Replica fourth = replica(cluster, "fourth").running(Program.today())) {
            UpgradeDrill drill = new UpgradeDrill(cluster, cloud, connection);
            drill.start(List.of(first, second));
            complaints = drill.run(Integer.parseInt(arguments[0]), List.of(first, second), List.of(third, fourth));
        }
        complaints.forEach(UpgradeDrill::say);
        System.exit(complaints.isEmpty() ? 0 : 1);
    }

    private static Replica replica(TestCluster cluster, String identity) {
        return new Replica(
                cluster,
                cluster.server().kubeconfig(),
                identity,
                Replica.newFolder(),
                Map.of(
                        "KAITOFLOW_RUNTIME_IMAGE_CUDA",
                        "registry.invalid/kaitoflow-runtime-cuda:drill",
                        "KAITOFLOW_ALLOW_HOST_PATH",
                        "true"));
    }

    private void start(List<Replica> replicas) {
        replicas.forEach(Replica::start);
        replicas.forEach(Replica::awaitReady);
    }

    private List<String> run(int many, List<Replica> earlier, List<Replica> later) throws IOException {
        List<String> names = apply(many);
        timed("All stand in their phases", () -> awaitPhases(names, Stand::phase));
        names.forEach(name -> runs.put(name, histories.runOf(workflowId(name))));
        Map<String, Integer> before = tuner.calls();
        for (int i = 0; i < later.size(); i++) {
            Replica next = later.get(i);
            Replica last = earlier.get(i);
            timed("A replica is replaced", () -> replace(last, next));
        }
        awaitPhases(names, Stand::phase);
        if (!tuner.calls().equals(before)) {
            complaints.add("Steps were begun while nobody wished for it: " + tuner.calls());
        }
        goOn(names);
        timed("All came to their ends", () -> awaitPhases(names, Stand::end));
        judge(names);
        tuners.forEach(WorkerFactory::shutdownNow);
        return complaints;
    }

    /** As the chart's Deployment does: nobody goes before who follows is ready. */
    private void replace(Replica last, Replica next) {
        start(List.of(next));
        last.stop();
    }

    private List<String> apply(int many) throws IOException {
        PlayedControllers.admitPods(cluster.client(), namespace);
        kubectl("create", "secret", "docker-registry", "push", "--docker-username=u", "--docker-password=p");
        List<String> names = IntStream.range(0, many)
                .mapToObj(i -> Stand.values()[i % Stand.values().length].name(i))
                .toList();
        Path file = Files.createTempFile("drill", ".yaml");
        Files.writeString(file, names.stream().map(UpgradeDrill::manifest).collect(Collectors.joining()));
        kubectl("apply", "-f", file.toString());
        names.forEach(this::openTuner);
        names.stream().filter(name -> Stand.of(name) == Stand.CANCELLED).forEach(this::cancel);
        return names;
    }

    private static String manifest(String name) {
        String more = switch (Stand.of(name)) {
            case COMPLETED -> ", kaito.sh/serve-after-tuning: \"false\"";
            case PAUSED -> ", kaito.sh/paused: \"true\"";
            default -> "";
        };
        return WORKSPACE.formatted(name, more);
    }

    /** One that has a machine asked for already. */
    private void cancel(String name) {
        Awaitility.await(name + " to be claimed for")
                .atMost(PATIENCE)
                .until(() -> !cloud.claimsOf(name).isEmpty());
        kubectl("annotate", "workspace", name, "kaito.sh/cancel=1");
    }

    /** It polls the queue of one workspace, as each tuner does. */
    private void openTuner(String name) {
        WorkerFactory factory = WorkerFactory.newInstance(connection.client());
        factory.newWorker(
                        "tuner/" + uid(name),
                        WorkerOptions.newBuilder()
                                .setMaxConcurrentActivityTaskPollers(1)
                                .build())
                .registerActivitiesImplementations(tuner);
        factory.start();
        tuners.add(factory);
    }

    private void goOn(List<String> names) {
        tuner.release();
        cloud.release();
        names.stream()
                .filter(name -> Stand.of(name) == Stand.PAUSED)
                .forEach(name -> kubectl("annotate", "--overwrite", "workspace", name, "kaito.sh/paused=false"));
    }

    private void awaitPhases(List<String> names, Function<Stand, String> phase) {
        Awaitility.await("phases")
                .atMost(PATIENCE)
                .pollInterval(LOOK_AGAIN)
                .until(() -> names.stream().allMatch(name -> phaseOf(name).equals(phase.apply(Stand.of(name)))));
    }

    private void judge(List<String> names) {
        complain(
                "is another run",
                names,
                name -> !histories.runOf(workflowId(name)).equals(runs.get(name)));
        complain(
                "has other claims than one", names, name -> cloud.claimsOf(name).size() != 1);
        complain("had a workflow task that failed", names, name -> histories.failedTasks(workflowId(name)) > 0);
        complain(
                "had a step done again",
                names,
                name -> STEPS.stream().anyMatch(step -> histories.begun(workflowId(name), step) > 1));
        long again = tuner.calls().values().stream().filter(count -> count > 1).count();
        long takenUp = names.stream()
                .mapToLong(name -> histories.takenUp(workflowId(name)))
                .sum();
        long claims =
                names.stream().mapToLong(name -> cloud.claimsOf(name).size()).sum();
        say(names.size() + " runs, " + byStand(names) + ": " + complaints.size() + " complaints; claims " + claims
                + "; steps that a tuner began twice " + again
                + "; calls of the control plane that the other replica took up "
                + takenUp);
        if (again > 0) {
            complaints.add("Steps were begun twice: " + tuner.calls());
        }
    }

    private void complain(String what, List<String> names, Predicate<String> wrong) {
        names.stream().filter(wrong).map(name -> name + " " + what + ".").forEach(complaints::add);
    }

    private static Map<String, Long> byStand(List<String> names) {
        return names.stream()
                .collect(Collectors.groupingBy(name -> Stand.of(name).phase(), TreeMap::new, Collectors.counting()));
    }

    private Optional<Workspace> find(String name) {
        return cluster.find(namespace, name);
    }

    private String uid(String name) {
        return find(name).orElseThrow().getMetadata().getUid();
    }

    private String phaseOf(String name) {
        return find(name)
                .flatMap(found -> Optional.ofNullable(found.getStatus()))
                .map(WorkspaceStatus::phase)
                .orElse("");
    }

    private String workflowId(String name) {
        return "workspace/" + namespace + "/" + name + "/" + uid(name);
    }

    private void kubectl(String... arguments) {
        cluster.server().kubectl().in(namespace, arguments).orFail();
    }

    private static void timed(String what, Runnable work) {
        long start = System.nanoTime();
        work.run();
        say(String.format(Locale.ROOT, "%s: %.1f s", what, (System.nanoTime() - start) / 1e9));
    }

    @SuppressWarnings("SystemOut") // results are printed
    private static void say(String line) {
        System.out.println(line);
    }
}
