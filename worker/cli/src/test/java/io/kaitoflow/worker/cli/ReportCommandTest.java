package io.kaitoflow.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.activities.image.Pulse;
import io.kaitoflow.activities.image.Sha256;
import io.kaitoflow.activities.image.report.ReportImages.Report;
import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.worker.cli.local.StatusFile;
import io.kaitoflow.worker.cli.terminal.ExitCode;
import io.kaitoflow.worker.tuner.LocalHome;
import io.kaitoflow.worker.tuner.LocalRooms;
import io.kaitoflow.workflows.report.AttachedReport;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.tuning.PushedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports of adapters in this machine's own image layout, as nobody listens at the registry that they name. */
class ReportCommandTest {

    private static final ImageReference IMAGE = ImageReference.parse("127.0.0.1:1/adapters/facts:1");
    private static final Report REPORT =
            new Report("{\"schema\":\"kaitoflow.training-report/1\"}\n", "<p>it fell</p>\n");

    @TempDir
    private Path folder = Path.of("");

    private Path home = Path.of("");
    private PushedImage pushed = new PushedImage(IMAGE, Sha256.of(new byte[0]), "");

    @BeforeEach
    void push() throws IOException {
        home = folder.resolve("home");
        Path adapter = Files.createDirectories(folder.resolve("adapter"));
        Files.writeString(adapter.resolve("adapter_config.json"), "{\"r\":8}");
        Path weights = Files.writeString(adapter.resolve("adapter_model.safetensors"), "weights");
        AdapterArtifact artifact = new AdapterArtifact(adapter.toString(), Sha256.of(weights), 72, 0.5, 9000, 0);
        pushed = rooms().images(Pulse.none()).push(artifact, "smollm2-135m-instruct", IMAGE, List.of());
    }

    @Test
    void theReportOfAnImageIsWrittenIntoAFolder() {
        attach();

        Invocation report = Invocation.of("report", IMAGE, "--to", folder.resolve("to"), "--home", home);

        assertThat(report.exit()).as(report.err()).isEqualTo(ExitCode.OK);
        assertThat(report.out()).contains(folder.resolve("to/report.html").toString());
        assertThat(folder.resolve("to/report.html")).hasContent(REPORT.page());
        assertThat(folder.resolve("to/report.json")).hasContent(REPORT.json());
    }

    @Test
    void theReportOfAWorkspaceIsPrintedForPrograms() {
        attach();
        publish(pushed, Optional.empty());

        Invocation report = Invocation.of("report", "facts", "-o", "json", "--home", home);

        assertThat(report.exit()).as(report.err()).isEqualTo(ExitCode.OK);
        assertThat(report.out()).isEqualTo(REPORT.json());
    }

    @Test
    void theReportOfAResultInAVolumeIsReadThere() throws IOException {
        Path results = Files.createDirectories(folder.resolve("results"));
        Files.writeString(results.resolve("report.json"), "{}\n");
        Files.writeString(results.resolve("report.html"), "<p>there</p>\n");
        publish(new PushedImage(IMAGE, pushed.digest(), results.toString()), Optional.empty());

        Invocation report = Invocation.of("report", "facts", "--to", folder.resolve("to"), "--home", home);

        assertThat(report.exit()).as(report.err()).isEqualTo(ExitCode.OK);
        assertThat(folder.resolve("to/report.html")).hasContent("<p>there</p>\n");
    }

    @Test
    void whyThereIsNoneIsSaid() {
        publish(pushed, Optional.of(AttachedReport.missing("The registry refused it.")));

        assertRefused(Invocation.of("report", "facts", "--home", home), "The registry refused it.");
        assertRefused(
                Invocation.of("report", IMAGE, "--home", home), "No training report is attached to " + IMAGE + ".");
        assertRefused(
                Invocation.of("report", "elsewhere", "--home", home),
                "There is no workspace default/elsewhere here; see: kaitoflow get.");
    }

    @Test
    void aWorkspaceWithoutAResultHasNone() {
        new StatusFile(new LocalHome(home)).publish(Snapshots.failed("facts", "Row 3 has no role."));

        assertRefused(Invocation.of("report", "facts", "--home", home), "has no result yet (phase Failed)");
    }

    private static void assertRefused(Invocation report, String words) {
        assertThat(report.exit()).isEqualTo(ExitCode.REFUSED);
        assertThat(report.err()).contains(words);
    }

    private void attach() {
        rooms().reports(Pulse.none())
                .attach(IMAGE.withDigest(pushed.digest()), List.of(), REPORT, Instant.parse("2026-01-02T03:04:05Z"));
    }

    private void publish(PushedImage output, Optional<AttachedReport> about) {
        WorkspaceSnapshot plain = Snapshots.serving("facts", "http://127.0.0.1:5000");
        new StatusFile(new LocalHome(home))
                .publish(WorkspaceSnapshot.builder(plain.id(), plain.fingerprint(), plain.phase())
                        .nodes(plain.nodes())
                        .output(Optional.of(output))
                        .endpoint(plain.endpoint())
                        .report(about)
                        .build());
    }

    private LocalRooms rooms() {
        LocalHome local = new LocalHome(home);
        return new LocalRooms(local, local.objects("models"), Map.of());
    }
}
