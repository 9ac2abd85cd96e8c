package io.kaitoflow.activities.tuning;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The files of one tune step: its checkpoints, its adapter, and, last of all, the record that says that the adapter is whole.
 *
 * @param root named by the step's key
 */
record RunFolder(Path root) {

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    Path checkpoints() {
        return root.resolve("checkpoints");
    }

    Path adapter() {
        return root.resolve("adapter");
    }

    /** What an earlier attempt finished whose answer was lost. */
    Optional<AdapterArtifact> finished() {
        Path record = record();
        try {
            return Files.exists(record)
                    ? Optional.of(JSON.readValue(record.toFile(), AdapterArtifact.class))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("The record of a finished adapter, " + record + ", cannot be read", e);
        }
    }

    AdapterArtifact finish(AdapterArtifact artifact) {
        try {
            Path fresh = root.resolve("artifact.tmp");
            JSON.writeValue(fresh.toFile(), artifact);
            Files.move(fresh, record(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return artifact;
        } catch (IOException e) {
            throw new UncheckedIOException("The record of the adapter cannot be written into " + root, e);
        }
    }

    private Path record() {
        return root.resolve("artifact.json");
    }
}
