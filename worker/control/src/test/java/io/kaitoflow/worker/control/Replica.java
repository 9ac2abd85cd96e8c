package io.kaitoflow.worker.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.awaitility.Awaitility;

/** One replica of the control plane, a process of its own: stopped in order or killed, and started anew. */
public final class Replica implements AutoCloseable {

    private static final int GRACE_SECONDS = 30;
    private static final int OK = 200;

    private final Path folder;
    private final Map<String, String> environment;
    private final String identity;
    private Program program = Program.ofClass(ReplicaMain.class);
    private Duration clockShift = Duration.ZERO;
    private int lives;
    private Optional<ControlProcess> process = Optional.empty();

    /**
     * @param kubeconfig its way to the API server
     * @param folder for its logs, one of each life
     */
    public Replica(TestCluster cluster, Path kubeconfig, String identity, Path folder) {
        this(cluster, kubeconfig, identity, folder, Map.of());
    }

    /** @param more of its environment */
    public Replica(TestCluster cluster, Path kubeconfig, String identity, Path folder, Map<String, String> more) {
        this.folder = folder;
        this.identity = identity;
        Map<String, String> all = new TreeMap<>(TestCluster.RUNTIME);
        all.putAll(more);
        all.put("KUBECONFIG", kubeconfig.toString());
        all.put("KAITOFLOW_TEMPORAL_ADDRESS", cluster.temporal().target());
        all.put("KAITOFLOW_REPLICA", identity);
        this.environment = Map.copyOf(all);
    }

    /** What it runs from its next start on. */
    public Replica running(Program other) {
        program = other;
        return this;
    }

    /** Starts it if it is not running; returns at once. */
    public void start() {
        if (process.isEmpty()) {
            lives++;
            Path log = folder.resolve(identity + "-" + lives + ".log");
            process = Optional.of(ControlProcess.start(program, log, environment));
            setClock(clockShift);
        }
    }

    /** How wrong its clock is from now on, in this life and the next ones. */
    public void setClock(Duration shift) {
        clockShift = shift;
        process.ifPresent(life -> life.tell(shift.toString()));
    }

    /** Waits until its probe says that it takes work. */
    public void awaitReady() {
        process.ifPresent(life -> Awaitility.await("replica " + identity)
                .atMost(Duration.ofMinutes(2))
                .until(() -> life.ask("/health/ready").status() == OK));
    }

    /** Whether it holds the lease, by its own word. */
    public boolean leads() {
        return process.map(ControlProcess::said)
                .filter(log -> log.lastIndexOf("The lease is held by " + identity)
                        > log.lastIndexOf(identity + " does not hold the lease any more"))
                .isPresent();
    }

    /** Stops it as a kubelet does: SIGTERM, and the lease is given back; killed when that takes too long. */
    public void stop() {
        process.ifPresent(life -> {
            try (life) {
                var unused = life.terminate(GRACE_SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        process = Optional.empty();
    }

    /** As {@code kill -9}: nobody hears of its end, so the lease stays until it expires. */
    public void kill() {
        process.ifPresent(ControlProcess::close);
        process = Optional.empty();
    }

    /** Starts it anew, as a kubelet does, when it ended by itself or its probe would have it so; says whether that was needed. */
    public boolean revived() {
        boolean sick = process.filter(life -> !life.running() || life.sick()).isPresent();
        if (sick) {
            stop();
            start();
        }
        return sick;
    }

    /** A folder for the logs of replicas. */
    public static Path newFolder() {
        try {
            return Files.createTempDirectory("kaitoflow-replicas");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
