package io.kaitoflow.worker.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.kaitoflow.activities.nodes.karpenter.NodeClaim;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.testcluster.TemporalDevServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * Measures the control plane as a process of its own on a real API server and a real Temporal server, and prints what it sees. Run
 * by hand: {@code worker/control/bars}.
 */
public final class ControlPlaneBars {

    private static final String WORKSPACES = "/apis/kaito.sh/v1beta1/namespaces/default/workspaces";

    private static final String SERVING = """
            {"apiVersion": "kaito.sh/v1beta1", "kind": "Workspace", "metadata": {"name": "%s"},
             "resource": {"instanceType": "Standard_NC24ads_A100_v4", "labelSelector": {"matchLabels": {"apps": "phi-4"}}},
             "inference": {"preset": {"name": "phi-4-mini-instruct"}}}
            """;

    private static final String PAUSED = "{\"metadata\":{\"annotations\":{\"kaito.sh/paused\":\"true\"}}}";

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration WINDOW = Duration.ofSeconds(30);
    private static final int WINDOWS = 10;
    private static final double CALM = 0.02;
    private static final int CLOCK_TICKS_PER_SECOND = 100;
    private static final int ONE_BY_ONE = 20;

    private final TestCluster cluster;
    private final Map<String, Long> claimedAt = new ConcurrentHashMap<>();
    private final Map<String, Long> goneAt = new ConcurrentHashMap<>();

    private ControlPlaneBars(TestCluster cluster) {
        this.cluster = cluster;
    }

    /** Prints one line a bar. */
    public static void main(String[] arguments) throws Exception {
        try (TestCluster cluster = TestCluster.start(TemporalDevServer.startInMemory())) {
            if (List.of(arguments).equals(List.of("machines"))) {
                new MachineBars(cluster).measure();
            } else if (List.of(arguments).equals(List.of("queue"))) {
                new QueueBars(cluster).measure();
            } else {
                new ControlPlaneBars(cluster).measure(arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1000);
            }
        }
    }

    private void measure(int many) throws IOException, InterruptedException, ExecutionException {
        Path archive = Files.createTempDirectory("bars").resolve("classes.aot");
        try (var claims = cluster.client().resources(NodeClaim.class).inform(new Arrivals())) {
            assertThat(claims.isRunning()).isTrue();
            train(archive);
            measure(archive, many);
        }
    }

    /** As the image's archive is made: by a process that did its work once. */
    private void train(Path archive) throws InterruptedException {
        try (MeasuredPlane plane = MeasuredPlane.start(cluster, List.of("-XX:AOTCacheOutput=" + archive), Map.of())) {
            say("ready after %.2f s without a class archive", seconds(plane.readyAfter()));
            createOneByOne("training", ONE_BY_ONE);
        }
        assertThat(archive).isNotEmptyFile();
    }

    private void measure(Path archive, int many) throws IOException, InterruptedException, ExecutionException {
        try (MeasuredPlane plane = MeasuredPlane.start(cluster, List.of("-XX:AOTCache=" + archive), Map.of())) {
            say("ready after %.2f s with the class archive of its image", seconds(plane.readyAfter()));
            createOneByOne("warm", ONE_BY_ONE);
            List<Long> delays = createOneByOne("single", ONE_BY_ONE);
            say(
                    "created half a second apart, created to NodeClaim: p50 %d ms, worst %d ms",
                    delays.get(delays.size() / 2), delays.getLast());
            List<Long> pauses = pauseOneByOne("single", ONE_BY_ONE);
            say(
                    "annotated kaito.sh/paused=true to NodeClaim given back: p50 %d ms, worst %d ms",
                    pauses.get(pauses.size() / 2), pauses.getLast());
            allAtOnce("hundred", 100);
            allAtOnce("many", many);
            int expected = 2 * ONE_BY_ONE + 100 + many;
            say("claims %d, workspaces that want one %d", cluster.claims().size(), expected);
            assertThat(cluster.claims()).hasSize(expected);
            idle(plane.pid());
        }
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }

    private List<Long> createOneByOne(String prefix, int count) throws InterruptedException {
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = prefix + "-" + i;
            create(cluster.client(), name);
            long created = System.nanoTime();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> claimedAt.containsKey(name));
            delays.add(TimeUnit.NANOSECONDS.toMillis(claimedAt.getOrDefault(name, created) - created));
            TimeUnit.MILLISECONDS.sleep(500);
        }
        return delays.stream().sorted().toList();
    }

    private List<Long> pauseOneByOne(String prefix, int count) {
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = prefix + "-" + i;
            cluster.client()
                    .resources(Workspace.class)
                    .inNamespace("default")
                    .withName(name)
                    .patch(PatchContext.of(PatchType.JSON_MERGE), PAUSED);
            long asked = System.nanoTime();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> goneAt.containsKey(name));
            delays.add(TimeUnit.NANOSECONDS.toMillis(goneAt.getOrDefault(name, asked) - asked));
        }
        return delays.stream().sorted().toList();
    }

    private void allAtOnce(String prefix, int count) throws InterruptedException, ExecutionException {
        long start = System.nanoTime();
        Burst.of(count, i -> create(cluster.client(), prefix + "-" + i));
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> claimed(prefix) == count);
        say(
                "%d at once: %s",
                count,
                Burst.told(
                        "claimed",
                        start,
                        claimedAt.entrySet().stream()
                                .filter(claim -> claim.getKey().startsWith(prefix + "-"))
                                .map(Map.Entry::getValue)));
    }

    private long claimed(String prefix) {
        return claimedAt.keySet().stream()
                .filter(name -> name.startsWith(prefix + "-"))
                .count();
    }

    /** As cheaply as can be: what the measuring costs is taken from what is measured. */
    private static boolean create(KubernetesClient client, String name) {
        return client.raw(WORKSPACES, "POST", SERVING.formatted(name)) != null;
    }

    /** Statuses and Events of a burst are written for minutes after its claims. */
    private static void idle(long pid) throws IOException, InterruptedException {
        double share = share(pid);
        for (int i = 0; share > CALM && i < WINDOWS; i++) {
            share = share(pid);
        }
        say("idle: %.1f %% of one core, resident %d MiB", share * 100, residentMebibytes(pid));
    }

    private static double share(long pid) throws IOException, InterruptedException {
        long before = ticks(pid);
        TimeUnit.MILLISECONDS.sleep(WINDOW.toMillis());
        return (double) (ticks(pid) - before) / (CLOCK_TICKS_PER_SECOND * WINDOW.toSeconds());
    }

    /** User and system time in the fields after the command's name. */
    private static long ticks(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    private static long residentMebibytes(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    @SuppressWarnings("SystemOut") // a measurement is printed
    static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    /** Writes down when a claim was seen first, and when it was gone. */
    private final class Arrivals implements ResourceEventHandler<NodeClaim> {

        @Override
        public void onAdd(NodeClaim claim) {
            claimedAt.putIfAbsent(owner(claim), System.nanoTime());
        }

        @Override
        public void onUpdate(NodeClaim before, NodeClaim now) {
            // Only the first and the last of it are measured.
        }

        @Override
        public void onDelete(NodeClaim claim, boolean stateUnknown) {
            goneAt.putIfAbsent(owner(claim), System.nanoTime());
        }

        private static String owner(NodeClaim claim) {
            return claim.getMetadata().getLabels().getOrDefault("kaito.sh/workspace", "");
        }
    }
}
