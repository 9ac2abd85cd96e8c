package io.kaitoflow.activities.tuning;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaitoflow.activities.dataset.files.Hashing;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.tuning.FetchedInputs;
import io.kaitoflow.workflows.workspace.ledger.StepKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The files of one tune step: its checkpoints, its adapter, and, last of all, the record that says that the adapter is whole.
 *
 * @param root named by the identity
 * @param identity of the step and of the bytes it works on: other rows behind the same address are another run
 */
record RunFolder(Path root, Digest identity) {

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    /** @param runs folder of all runs */
    static RunFolder in(Path runs, StepKey key, FetchedInputs inputs) {
        String parts = key + " " + inputs.modelDigest() + " " + inputs.datasetDigest();
        Digest identity = Digest.ofSha256(Hashing.sha256().digest(parts.getBytes(StandardCharsets.UTF_8)));
        return new RunFolder(runs.resolve(identity.hex()), identity);
    }

    Path checkpoints() {
        return root.resolve("checkpoints");
    }

    Path adapter() {
        return root.resolve("adapter");
    }

    /** What people look at: the losses of all steps, and a page about them. */
    Path report() {
        return root.resolve("report");
    }

    Path losses() {
        return report().resolve("losses.csv");
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
