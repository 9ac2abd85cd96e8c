package io.kaitoflow.worker.tuner;

import io.kaitoflow.activities.dataset.DatasetActivitiesImpl;
import io.kaitoflow.activities.image.ImageActivitiesImpl;
import io.kaitoflow.activities.tuning.TuningActivitiesImpl;
import io.kaitoflow.activities.tuning.TuningRuns;
import io.kaitoflow.temporal.KeepAliveInterceptor;
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
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Polls one workspace's task queue until it is stopped. SIGTERM lets a running training write a checkpoint first. */
@Command(name = "kaitoflow-tuner", description = "Fetches, trains, evaluates and pushes for one workspace.")
public final class TunerMain implements Callable<Integer> {

    private static final Duration CHECKPOINT_TIME = Duration.ofSeconds(15);

    @Option(names = "--temporal", required = true, paramLabel = "HOST:PORT", description = "Temporal frontend.")
    private String temporal = "";

    @Option(names = "--namespace", description = "Temporal namespace.", defaultValue = "default")
    private String namespace = "default";

    @Option(names = "--task-queue", required = true, description = "The workspace's queue, tuner/UID.")
    private String taskQueue = "";

    @Option(names = "--home", required = true, paramLabel = "DIR", description = "Folder to work in.")
    private Path home = Path.of("");

    @Option(names = "--exit-with-parent", description = "End when standard input ends.")
    private boolean exitWithParent;

    private TunerMain() {}

    /** Runs until stopped. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new TunerMain()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        if (exitWithParent) {
            ParentWatch.start(System.in, () -> System.exit(0));
        }
        try (TemporalConnection connection = TemporalConnection.open(new TemporalAddress(temporal, namespace))) {
            WorkerFactory factory = worker(connection);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(factory), "drain"));
            factory.start();
            new CountDownLatch(1).await();
            return 0;
        }
    }

    private WorkerFactory worker(TemporalConnection connection) {
        LocalHome folder = new LocalHome(home);
        String uid = taskQueue.substring(taskQueue.indexOf('/') + 1);
        LocalRooms rooms = new LocalRooms(folder, folder.objects(uid), System.getenv());
        WorkerFactory factory =
                WorkerFactory.newInstance(connection.client(), WorkerPace.factory(KeepAliveInterceptor.patient()));
        Worker worker = factory.newWorker(taskQueue, WorkerPace.hostBound());
        worker.registerActivitiesImplementations(
                new DatasetActivitiesImpl(rooms.preparation(), TunerMain::heartbeat),
                new TuningActivitiesImpl(
                        new TuningRuns(folder.runs(), InstantSource.system()), HeartbeatSupervisor::ofThisActivity),
                new ImageActivitiesImpl(rooms.images(ImageActivitiesImpl.heartbeat()), rooms.objects()::volume));
        return factory;
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
