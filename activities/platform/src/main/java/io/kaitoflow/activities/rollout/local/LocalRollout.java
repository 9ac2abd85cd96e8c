package io.kaitoflow.activities.rollout.local;

import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.activities.rollout.Rollout;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.Endpoint;
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
        String queue = TaskQueues.tuner(input.id());
        // A later attempt means that the tuner of the earlier one is lost, even when its process still stands.
        String purpose = "attempt " + input.attempt();
        Child tuner = children.find(input.id(), Role.TUNER, purpose)
                .orElseGet(() -> children.replace(input.id(), Role.TUNER, purpose, arguments(queue)));
        tuner.exitWithin(EARLY_DEATH).ifPresent(exit -> {
            throw new RolloutException.NotStarted(exit.sentence());
        });
        return new TunerHandle(queue, "process " + tuner.process().pid());
    }

    @Override
    public TunerEnd tunerEnd(WorkspaceId id) {
        return children.end(id, Role.TUNER)
                .map(exit -> new TunerEnd(exit.outOfMemory(), exit.sentence()))
                .orElseGet(TunerEnd::unknown);
    }

    @Override
    public void stopTuner(WorkspaceId id) {
        children.stop(id, Role.TUNER);
    }

    @Override
    public Endpoint roll(RollInput input, Runnable waiting) {
        List<String> served = arguments(input);
        String purpose = String.join(" ", served);
        Optional<Child> present = children.find(input.id(), Role.SERVER, purpose);
        Child server = present.orElseGet(() -> startServer(input.id(), purpose, served));
        String url = Objects.requireNonNull(urls.get(input.id()), "every started server has an address");
        new Readiness(url, server).await(READY_LIMIT, waiting);
        return new Endpoint(url, servedModel(input));
    }

    private Child startServer(WorkspaceId id, String purpose, List<String> served) {
        children.stop(id, Role.SERVER);
        int port = freePort();
        List<String> arguments = new ArrayList<>(served);
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
        List<String> arguments = new ArrayList<>(List.of(
                "--model",
                files.model(input.preset()).toString(),
                "--model-name",
                input.preset().name()));
        input.adapters()
                .forEach(adapter ->
                        arguments.addAll(List.of("--adapter", adapter.name() + "=" + files.adapter(adapter))));
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
