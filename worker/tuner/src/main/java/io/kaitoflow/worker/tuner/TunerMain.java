package io.kaitoflow.worker.tuner;

import io.kaitoflow.activities.dataset.DatasetActivitiesImpl;
import io.kaitoflow.activities.image.ImageActivitiesImpl;
import io.kaitoflow.activities.image.parking.CourierActivitiesImpl;
import io.kaitoflow.activities.image.registry.OutwardProxy;
import io.kaitoflow.activities.image.registry.PrivateAuthorities;
import io.kaitoflow.activities.tuning.ReportActivitiesImpl;
import io.kaitoflow.activities.tuning.TuningActivitiesImpl;
import io.kaitoflow.activities.tuning.TuningRuns;
import io.kaitoflow.inference.tensor.ComputeDevice;
import io.kaitoflow.inference.tensor.DeviceChoice;
import io.kaitoflow.inference.tensor.TorchEngine;
import io.kaitoflow.temporal.KeepAliveInterceptor;
import io.kaitoflow.temporal.TemporalAccess;
import io.kaitoflow.temporal.TemporalAddress;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.temporal.WorkerPace;
import io.kaitoflow.workflows.tuning.TuningProgress;
import io.temporal.activity.Activity;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Polls one workspace's task queue until it is stopped. SIGTERM lets a running training write a checkpoint first. */
@Command(name = "kaitoflow-tuner", description = "Fetches, trains, evaluates and pushes for one workspace.")
public final class TunerMain implements Callable<Integer> {

    private static final Duration CHECKPOINT_TIME = Duration.ofSeconds(15);

    /** For a Temporal that is busy or starts again: the machine is paid, and giving up costs more of it. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @ArgGroup(exclusive = false, heading = "Without options everything is read from the environment.%n")
    private @Nullable Options options;

    @Option(names = "--exit-with-parent", description = "End when standard input ends.")
    private boolean exitWithParent;

    private volatile boolean polling;

    /** What a user's own machine says; a pod's environment says it otherwise. */
    private static final class Options {

        @Option(names = "--temporal", required = true, paramLabel = "HOST:PORT", description = "Temporal frontend.")
        private String temporal = "";

        @Option(names = "--namespace", description = "Temporal namespace.", defaultValue = "default")
        private String namespace = "default";

        @Option(names = "--task-queue", required = true, description = "The workspace's queue, tuner/UID.")
        private String taskQueue = "";

        @Option(names = "--home", required = true, paramLabel = "DIR", description = "Folder to work in.")
        private Path home = Path.of("");

        TunerSettings settings() {
            return new TunerSettings(
                    new TemporalAddress(temporal, namespace),
                    TemporalAccess.open(),
                    taskQueue,
                    home,
                    Optional.empty(),
                    OptionalInt.empty());
        }
    }

    private TunerMain() {}

    /** Runs until stopped. */
    public static void main(String[] args) {
        if (args.length == 0) {
            // In a pod; on a user's machine the command's own settings hold.
            System.setProperty("logback.configurationFile", "io/kaitoflow/worker/tuner/logback.xml");
        }
        System.exit(new CommandLine(new TunerMain())
                .setExecutionExceptionHandler((thrown, command, parsed) -> ended(thrown))
                .execute(args));
    }

    /** A sentence is worth more than a stack to whoever reads a pod's status, where the last lines of its output are quoted. */
    private static int ended(Exception thrown) {
        LoggerFactory.getLogger(TunerMain.class).debug("The tuner could not start", thrown);
        System.err.println(thrown.getMessage());
        return CommandLine.ExitCode.SOFTWARE;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (exitWithParent) {
            ParentWatch.start(System.in, () -> System.exit(0));
        }
        PrivateAuthorities.trust(System.getenv());
        OutwardProxy.use(System.getenv());
        // A pod without the GPU that it was given ends here, and says why, before it takes any work.
        ComputeDevice device = DeviceChoice.from(System.getenv()).device();
        TunerSettings settings = options == null ? TunerSettings.from(System.getenv()) : options.settings();
        settings.healthPort().ifPresent(this::tellReadiness);
        try (TemporalConnection connection =
                TemporalConnection.open(settings.temporal(), settings.access(), PATIENCE)) {
            // Its libraries are hundreds of megabytes; meanwhile data and model are fetched.
            TorchEngine.startAhead();
            WorkerFactory factory = worker(connection, settings, device);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(factory), "drain"));
            factory.start();
            polling = true;
            new CountDownLatch(1).await();
            return 0;
        }
    }

    private void tellReadiness(int port) {
        HealthEndpoint endpoint = new HealthEndpoint(port, () -> polling);
        LoggerFactory.getLogger(TunerMain.class).info("Probes are answered on port {}", endpoint.port());
    }

    private static WorkerFactory worker(TemporalConnection connection, TunerSettings settings, ComputeDevice device) {
        LocalRooms rooms = rooms(settings);
        WorkerFactory factory =
                WorkerFactory.newInstance(connection.client(), WorkerPace.factory(KeepAliveInterceptor.patient()));
        Worker worker = factory.newWorker(settings.taskQueue(), WorkerPace.hostBound());
        TuningRuns runs =
                new TuningRuns(rooms.home().runs(), rooms::adapter, InstantSource.system(), rooms.depots(), device);
        worker.registerActivitiesImplementations(
                new DatasetActivitiesImpl(rooms.preparation(), TunerMain::heartbeat),
                new TuningActivitiesImpl(runs, HeartbeatSupervisor::ofThisActivity),
                new ImageActivitiesImpl(rooms.images(ImageActivitiesImpl.heartbeat()), rooms.objects()::results),
                new CourierActivitiesImpl(rooms.home().scratch()),
                new ReportActivitiesImpl(runs, new ResultReports(rooms.reports(ImageActivitiesImpl.heartbeat()))));
        return factory;
    }

    private static LocalRooms rooms(TunerSettings settings) {
        LocalHome home = new LocalHome(settings.home());
        return settings.secrets()
                .map(secrets -> LocalRooms.ofPod(home, PodObjects.in(secrets, System.getenv()), System.getenv()))
                .orElseGet(() -> new LocalRooms(home, home.objects(settings.uid()), System.getenv()));
    }

    private static void heartbeat(TuningProgress progress) {
        Activity.getExecutionContext().heartbeat(progress);
    }

    /** Without interrupts: a running training learns it at its next heartbeat and writes its checkpoint in peace. */
    private static void drain(WorkerFactory factory) {
        factory.shutdown();
        factory.awaitTermination(CHECKPOINT_TIME.toMillis(), TimeUnit.MILLISECONDS);
    }
}
