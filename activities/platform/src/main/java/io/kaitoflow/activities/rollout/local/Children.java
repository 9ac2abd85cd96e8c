package io.kaitoflow.activities.rollout.local;

import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The child processes of this one, at most one per workspace and role. */
final class Children {

    private final LocalSettings settings;
    private final Map<Role, String> mainClasses;
    private final Map<Path, Child> running = new ConcurrentHashMap<>();

    /** @param mainClasses replace the roles' own */
    Children(LocalSettings settings, Map<Role, String> mainClasses) {
        this.settings = settings;
        this.mainClasses = Map.copyOf(mainClasses);
    }

    /** The running child, if there is one. */
    Optional<Child> find(WorkspaceId id, Role role) {
        return Optional.ofNullable(running.get(file(id, role))).filter(Child::isAlive);
    }

    /** Stops what runs in this role, also what an earlier parent left, and starts anew. */
    Child replace(WorkspaceId id, Role role, List<String> arguments) {
        stop(id, role);
        Child child = start(id, role, arguments);
        running.put(file(id, role), child);
        return child;
    }

    void stop(WorkspaceId id, Role role) {
        Path file = file(id, role);
        Child own = running.remove(file);
        Optional.ofNullable(own).or(() -> Child.left(file)).ifPresent(Child::stop);
    }

    /** Where the child's output goes. */
    Path log(WorkspaceId id, Role role) {
        return settings.logs().resolve(id.namespace() + "-" + id.name() + "-" + role.label() + ".log");
    }

    private Child start(WorkspaceId id, Role role, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(settings.java().toString());
        command.addAll(role.heap());
        command.addAll(settings.jvmFlags());
        command.addAll(List.of("-Dkaitoflow.logs=" + settings.logs(), "-Dkaitoflow.process=" + role.label()));
        command.addAll(List.of("-cp", settings.classPath(), mainClasses.getOrDefault(role, role.mainClass())));
        command.addAll(arguments);
        command.add("--exit-with-parent");
        try {
            Files.createDirectories(settings.logs());
            // Standard input stays an open pipe that nobody writes: its end tells the child that this process is gone.
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(log(id, role).toFile()));
            builder.environment().putAll(settings.environment());
            return Child.started(builder.start(), file(id, role));
        } catch (IOException e) {
            throw new RolloutException.NotStarted(
                    "The " + role.label() + " process cannot be started with " + settings.java() + ": " + e);
        }
    }

    private Path file(WorkspaceId id, Role role) {
        return settings.state().resolve(id.uid() + "." + role.label());
    }
}
