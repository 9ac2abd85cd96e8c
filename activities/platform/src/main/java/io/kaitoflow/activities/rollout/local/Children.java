package io.kaitoflow.activities.rollout.local;

import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.activities.rollout.RolloutException;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The child processes of this one, at most one per workspace and role. */
final class Children {

    /** Long enough for a checkpoint on SIGTERM. */
    private static final Duration GRACE = Duration.ofSeconds(20);

    private final LocalSettings settings;
    private final Map<Role, String> mainClasses;
    private final Consumer<ChildExit> deaths;
    private final LongSupplier memoryKills;
    private final Map<Path, Child> running = new ConcurrentHashMap<>();
    private final Map<Path, ChildExit> ends = new ConcurrentHashMap<>();

    /**
     * @param mainClasses replace the roles' own
     * @param deaths is told when a child ends that nobody stopped
     * @param memoryKills how many processes the system has ended for their memory
     */
    Children(
            LocalSettings settings,
            Map<Role, String> mainClasses,
            Consumer<ChildExit> deaths,
            LongSupplier memoryKills) {
        this.settings = settings;
        this.mainClasses = Map.copyOf(mainClasses);
        this.deaths = deaths;
        this.memoryKills = memoryKills;
    }

    /** The running child that was started for just this. */
    Optional<Child> find(WorkspaceId id, Role role, String purpose) {
        return Optional.ofNullable(running.get(file(id, role)))
                .filter(Child::isAlive)
                .filter(child -> child.purpose().equals(purpose));
    }

    /** Whether one runs in this role that this process started. */
    boolean run(WorkspaceId id, Role role) {
        return Optional.ofNullable(running.get(file(id, role)))
                .filter(Child::isAlive)
                .isPresent();
    }

    /** Stops what runs in this role, also what an earlier parent left, and starts anew. */
    Child replace(WorkspaceId id, Role role, String purpose, List<String> arguments) {
        stop(id, role);
        Path file = file(id, role);
        long killsBefore = memoryKills.getAsLong();
        Child child = new Child(
                start(id, role, arguments), purpose, role, log(id, role), () -> memoryKills.getAsLong() > killsBefore);
        child.writeTo(file);
        ends.remove(file);
        running.put(file, child);
        Thread.ofVirtual().name("watch-" + role.label()).start(() -> watch(file, child));
        return child;
    }

    /** How the newest child in this role ended, if it did and nobody stopped it. */
    Optional<ChildExit> end(WorkspaceId id, Role role) {
        return Optional.ofNullable(ends.get(file(id, role)));
    }

    void stop(WorkspaceId id, Role role) {
        Path file = file(id, role);
        running.remove(file);
        Child.left(file).ifPresent(process -> Child.stop(process, GRACE));
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("The process file " + file + " cannot be removed", e);
        }
    }

    /** A child that is still known when it ends was not stopped by us. */
    private void watch(Path file, Child child) {
        ChildExit exit = child.awaitExit();
        if (running.remove(file, child)) {
            ends.put(file, exit);
            deaths.accept(exit);
        }
    }

    private Process start(WorkspaceId id, Role role, List<String> arguments) {
        try {
            Files.createDirectories(settings.logs());
            // Standard input stays an open pipe that nobody writes: its end tells the child that this process is gone.
            ProcessBuilder builder = new ProcessBuilder(command(role, arguments))
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(log(id, role).toFile()));
            builder.environment().putAll(settings.environment());
            return builder.start();
        } catch (IOException e) {
            throw new RolloutException.NotStarted(
                    "The " + role.label() + " process cannot be started with " + settings.java() + ": " + e);
        }
    }

    private List<String> command(Role role, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(settings.java().toString());
        command.addAll(role.heap());
        command.addAll(new ClassArchive(settings.classPath(), settings.home()).flags(role.label()));
        command.addAll(settings.jvmFlags());
        command.addAll(List.of("-Dkaitoflow.logs=" + settings.logs(), "-Dkaitoflow.process=" + role.label()));
        command.addAll(List.of("-cp", settings.classPath(), mainClasses.getOrDefault(role, role.mainClass())));
        command.addAll(arguments);
        command.add("--exit-with-parent");
        return command;
    }

    /** Where the child's output goes. */
    private Path log(WorkspaceId id, Role role) {
        return settings.logs().resolve(id.namespace() + "-" + id.name() + "-" + role.label() + ".log");
    }

    private Path file(WorkspaceId id, Role role) {
        return settings.state().resolve(id.uid() + "." + role.label());
    }
}
