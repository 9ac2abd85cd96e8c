package io.kaitoflow.activities.rollout.local;

import io.kaitoflow.activities.rollout.Rollout;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.rollout.RolloutActivities.RollInput;
import io.kaitoflow.workflows.rollout.RolloutActivities.TunerInput;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import io.kaitoflow.workflows.rollout.TunerHandle;
import io.kaitoflow.workflows.workspace.TaskQueues;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tuner and server as child processes, each in its own JVM; they end with this process, whatever ends it. */
public final class LocalRollout implements Rollout {

    private static final String HOST = "127.0.0.1";
    private static final Duration READY_LIMIT = Duration.ofMinutes(2);

    private final LocalSettings settings;
    private final ServedFiles files;
    private final Children children;

    public LocalRollout(LocalSettings settings, ServedFiles files) {
        this(settings, files, Map.of());
    }

    /** @param mainClasses replace the roles' own */
    LocalRollout(LocalSettings settings, ServedFiles files, Map<Role, String> mainClasses) {
        this.settings = settings;
        this.files = files;
        this.children = new Children(settings, mainClasses);
    }

    @Override
    public TunerHandle startTuner(TunerInput input) {
        String queue = TaskQueues.tuner(input.id());
        Child tuner = children.find(input.id(), Role.TUNER)
                .orElseGet(() -> children.replace(
                        input.id(),
                        Role.TUNER,
                        List.of(
                                "--temporal",
                                settings.temporal(),
                                "--task-queue",
                                queue,
                                "--home",
                                settings.home().toString())));
        return new TunerHandle(queue, "process " + tuner.handle().pid());
    }

    @Override
    public void stopTuner(WorkspaceId id) {
        children.stop(id, Role.TUNER);
    }

    @Override
    public Endpoint roll(RollInput input, Runnable waiting) {
        Path model = files.model(input.preset());
        List<String> adapters = input.adapters().stream()
                .map(adapter -> adapter.name() + "=" + files.adapter(adapter))
                .toList();
        children.stop(input.id(), Role.SERVER);
        int port = freePort();
        Child server = children.replace(input.id(), Role.SERVER, arguments(input, model, adapters, port));
        String url = "http://" + HOST + ":" + port;
        new Readiness(url, server, children.log(input.id(), Role.SERVER)).await(READY_LIMIT, waiting);
        return new Endpoint(url, servedModel(input));
    }

    @Override
    public void retire(WorkspaceId id) {
        children.stop(id, Role.SERVER);
    }

    private static List<String> arguments(RollInput input, Path model, List<String> adapters, int port) {
        List<String> arguments = new ArrayList<>(List.of(
                "--model", model.toString(), "--model-name", input.preset().name()));
        adapters.forEach(adapter -> arguments.addAll(List.of("--adapter", adapter)));
        arguments.addAll(List.of("--host", HOST, "--port", String.valueOf(port)));
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
