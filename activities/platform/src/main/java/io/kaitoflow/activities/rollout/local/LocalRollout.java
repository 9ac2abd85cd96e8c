package io.kaitoflow.activities.rollout.local;

import io.kaitoflow.activities.rollout.LimitArguments;
import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.activities.rollout.Rollout;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.rollout.RolloutActivities.PusherInput;
import io.kaitoflow.workflows.rollout.RolloutActivities.RollInput;
import io.kaitoflow.workflows.rollout.RolloutActivities.TunerInput;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import io.kaitoflow.workflows.rollout.TunerEnd;
import io.kaitoflow.workflows.rollout.TunerHandle;
import io.kaitoflow.workflows.workspace.TaskQueues;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Tuner and server as child processes, each in its own JVM; they end with this process, whatever ends it. */
public final class LocalRollout implements Rollout {

    private static final String HOST = "127.0.0.1";
    private static final Duration READY_LIMIT = Duration.ofMinutes(2);

    /** A missing class or a wrong argument shows itself within this time. */
    private static final Duration EARLY_DEATH = Duration.ofMillis(500);

    private final LocalSettings settings;
    private final ServedFiles files;
    private final Children children;
    private final Map<WorkspaceId, String> urls = new ConcurrentHashMap<>();

    /** What each server that runs said it serves. */
    private final Map<WorkspaceId, RollInput> served = new ConcurrentHashMap<>();

    public LocalRollout(LocalSettings settings, ServedFiles files) {
        this(settings, files, exit -> {});
    }

    /** @param deaths is told when a child ends that nobody stopped, on a thread of its own */
    public LocalRollout(LocalSettings settings, ServedFiles files, Consumer<ChildExit> deaths) {
        this(settings, files, new Children(settings, Map.of(), deaths, MemoryKills.ofThisMachine()));
    }

    /** @param children processes of other classes, or on a machine that counts otherwise */
    LocalRollout(LocalSettings settings, ServedFiles files, Children children) {
        this.settings = settings;
        this.files = files;
        this.children = children;
    }

    @Override
    public TunerHandle startTuner(TunerInput input) {
        return startTuner(input.id(), input.attempt());
    }

    /** Who tunes can push as well. */
    @Override
    public TunerHandle startPusher(PusherInput input, Consumer<String> waiting) {
        return startTuner(input.id(), input.attempt());
    }

    private TunerHandle startTuner(WorkspaceId id, int attempt) {
        String queue = TaskQueues.tuner(id);
        // A later attempt means that the tuner of the earlier one is lost, even when its process still stands.
        String purpose = "attempt " + attempt;
        Child tuner = children.find(id, Role.TUNER, purpose)
                .orElseGet(() -> children.replace(id, Role.TUNER, purpose, arguments(queue)));
        tuner.exitWithin(EARLY_DEATH).ifPresent(exit -> {
            throw new RolloutException.NotStarted(exit.sentence());
        });
        return new TunerHandle(queue, "process " + tuner.process().pid());
    }

    @Override
    public TunerEnd tunerEnd(WorkspaceId id) {
        boolean gone = !children.run(id, Role.TUNER);
        return children.end(id, Role.TUNER)
                .map(exit -> new TunerEnd(exit.outOfMemory(), exit.sentence(), gone))
                .orElseGet(() -> gone ? TunerEnd.vanished("No tuner runs.") : TunerEnd.unknown());
    }

    @Override
    public void stopTuner(WorkspaceId id) {
        children.stop(id, Role.TUNER);
    }

    /** Other adapters are given to the server that runs; another model needs another server. */
    @Override
    public Endpoint roll(RollInput input, Runnable waiting) {
        if (input.template().isPresent()) {
            throw new RolloutException.Unsupported("A pod of your own needs a cluster; on this machine name a preset.");
        }
        List<String> base = arguments(input);
        String purpose = String.join(" ", base);
        String revision = list(input.id()).write(input.adapters(), files);
        Child server =
                children.find(input.id(), Role.SERVER, purpose).orElseGet(() -> startServer(input.id(), purpose, base));
        String url = Objects.requireNonNull(urls.get(input.id()), "every started server has an address");
        Readiness readiness = new Readiness(url, server);
        readiness.await(READY_LIMIT, waiting);
        Optional<String> refusal = readiness.awaitAdapters(revision, READY_LIMIT, waiting);
        return refusal.map(reason -> takenBack(input, url, reason)).orElseGet(() -> {
            served.put(input.id(), input);
            return new Endpoint(url, servedModel(input), Optional.empty(), input.adapters());
        });
    }

    /** The server serves what it served before; its list says so again. */
    private Endpoint takenBack(RollInput refused, String url, String reason) {
        String said = "The server does not take its adapters: " + reason;
        RollInput before = served.get(refused.id());
        if (before == null) {
            throw new RolloutException.NotReady(said);
        }
        list(refused.id()).write(before.adapters(), files);
        return new Endpoint(
                url,
                servedModel(before),
                Optional.of(said + " What served before still serves: " + servedModel(before) + "."),
                before.adapters());
    }

    private AdapterList list(WorkspaceId id) {
        return new AdapterList(settings.state().resolve(id.uid() + ".adapters.json"));
    }

    private Child startServer(WorkspaceId id, String purpose, List<String> base) {
        children.stop(id, Role.SERVER);
        served.remove(id);
        int port = freePort();
        List<String> arguments = new ArrayList<>(base);
        arguments.addAll(List.of("--host", HOST, "--port", String.valueOf(port)));
        urls.put(id, "http://" + HOST + ":" + port);
        return children.replace(id, Role.SERVER, purpose, arguments);
    }

    @Override
    public void retire(WorkspaceId id) {
        children.stop(id, Role.SERVER);
    }

    private List<String> arguments(String queue) {
        return List.of(
                "--temporal", settings.temporal(),
                "--task-queue", queue,
                "--home", settings.home().toString());
    }

    private List<String> arguments(RollInput input) {
        ServedFiles.Model model = files.model(input.preset());
        List<String> arguments = new ArrayList<>(List.of(
                "--model",
                model.path().toString(),
                "--model-name",
                input.preset().name(),
                "--model-digest",
                model.digest().toString(),
                "--adapter-list",
                list(input.id()).file().toString()));
        arguments.addAll(LimitArguments.of(input.limits()));
        return arguments;
    }

    private static String servedModel(RollInput input) {
        return input.adapters().stream()
                .map(ServedAdapter::name)
                .findFirst()
                .orElse(input.preset().name());
    }

    private int freePort() {
        try (ServerSocket socket = new ServerSocket(settings.port(), 1, InetAddress.getByName(HOST))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new RolloutException.PortInUse("The server's port " + settings.port() + " on " + HOST
                    + " is taken by another program (" + e.getMessage() + ").");
        }
    }
}
