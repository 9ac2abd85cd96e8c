package io.kaitoflow.worker.cli.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.kaitoflow.worker.tuner.LocalHome;
import io.kaitoflow.workflows.status.StatusActivities;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.stream.Stream;

/** The status of local mode: one JSON file beside each workspace, whole or not there, so that other commands can read it. */
public final class StatusFile implements StatusActivities {

    public static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private static final String NAME = "status.json";

    private final LocalHome home;

    /** @param home whose workspaces are meant */
    public StatusFile(LocalHome home) {
        this.home = home;
    }

    @Override
    public void publish(WorkspaceSnapshot snapshot) {
        Path file = home.workspace(snapshot.id()).resolve(NAME);
        try {
            Files.createDirectories(file.getParent());
            Path fresh = Files.createTempFile(file.getParent(), NAME, ".tmp");
            JSON.writeValue(fresh.toFile(), snapshot);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("The status file " + file + " cannot be written", e);
        }
    }

    /** All statuses, by namespace and name. */
    public Stream<WorkspaceSnapshot> all() {
        if (!Files.isDirectory(home.workspaces())) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.walk(home.workspaces(), 3)) {
            return files.filter(file -> file.endsWith(NAME)).sorted().map(StatusFile::read).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException("The statuses below " + home.workspaces() + " cannot be listed", e);
        }
    }

    /** The status last written, if there is one. */
    public Optional<WorkspaceSnapshot> find(String namespace, String name) {
        Path file = home.workspaces().resolve(namespace).resolve(name).resolve(NAME);
        return Files.isRegularFile(file) ? Optional.of(read(file)) : Optional.empty();
    }

    private static WorkspaceSnapshot read(Path file) {
        try {
            return JSON.readValue(file.toFile(), WorkspaceSnapshot.class);
        } catch (IOException e) {
            throw new UncheckedIOException("The status file " + file + " cannot be read", e);
        }
    }
}
