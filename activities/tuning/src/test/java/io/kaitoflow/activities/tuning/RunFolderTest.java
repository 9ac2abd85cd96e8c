package io.kaitoflow.activities.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.presets.Digest;
import io.kaitoflow.workflows.preflight.DatasetReport;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.tuning.FetchedInputs;
import io.kaitoflow.workflows.workspace.ledger.StepKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {

    private static final StepKey KEY = StepKey.of("0123");
    private static final AdapterArtifact ARTIFACT =
            new AdapterArtifact("/adapter", new Digest("sha256:" + "c".repeat(64)), 72, 0.01, 15_924, 0);

    @TempDir
    private Path runs;

    @Test
    void anAnswerThatWasLostIsFoundAgain() throws IOException {
        RunFolder folder = RunFolder.in(runs, KEY, inputs('a'));
        Files.createDirectories(folder.root());

        folder.finish(ARTIFACT);

        assertThat(RunFolder.in(runs, KEY, inputs('a')).finished()).contains(ARTIFACT);
    }

    @Test
    void otherRowsBehindTheSameAddressAreAnotherRun() throws IOException {
        RunFolder before = RunFolder.in(runs, KEY, inputs('a'));
        Files.createDirectories(before.root());
        before.finish(ARTIFACT);

        RunFolder after = RunFolder.in(runs, KEY, inputs('b'));

        assertThat(after.finished()).isEmpty();
        assertThat(after.identity()).isNotEqualTo(before.identity());
    }

    private static FetchedInputs inputs(char rows) {
        return new FetchedInputs(
                "/model",
                new Digest("sha256:" + "d".repeat(64)),
                "/rows",
                new Digest("sha256:" + String.valueOf(rows).repeat(64)),
                new DatasetReport(1, 0, 1, 1, 1, 0, 0, true, List.of()));
    }
}
