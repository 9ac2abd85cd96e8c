package io.kaitoflow.worker.chaos;

import com.microsoft.playwright.Page;
import io.kaitoflow.temporal.TemporalAddress;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.testcluster.Chromium;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Pictures of three runs in Temporal's own Web UI: one that failed, one that tunes, one that waits for a machine. By hand: {@code
 * temporal/pictures/take}.
 */
public final class Pictures {

    private static final String METADATA = "user-metadata";
    private static final int RENDERED_MILLIS = 5000;
    private static final int MANY_STEPS = 100_000;

    private final World world;
    private final Page page;
    private final Path folder;

    private Pictures(World world, Page page, Path folder) {
        this.world = world;
        this.page = page;
        this.folder = folder;
    }

    /** Argument: the folder for the pictures. */
    public static void main(String[] arguments) throws IOException {
        try (World world = new World();
                Chromium chromium = Chromium.start()) {
            new Pictures(world, chromium.page(), Path.of(arguments[0])).takeAll();
        }
        System.exit(0);
    }

    private void takeAll() throws IOException {
        failed();
        tuning();
        waiting();
    }

    /** Its rows have other columns than any form of data that is known. */
    private void failed() throws IOException {
        Path rows = Files.createDirectories(world.folder().resolve("other-rows"));
        Files.writeString(rows.resolve("rows.jsonl"), "{\"height\": 3, \"width\": 4}\n");
        Subject subject = new Subject(world, world.newJob("summaries").of(rows));
        subject.apply();
        subject.await("it to fail", sight -> sight.phase().equals("Failed"), Subject.NOW_AND_THEN);
        take(subject, METADATA, "failed");
    }

    private void tuning() {
        Subject subject = new Subject(world, world.newJob("assistant").lasting(MANY_STEPS));
        subject.apply();
        subject.await("a checkpoint", Sight::shelved, Subject.NOW_AND_THEN);
        take(subject, METADATA, "tuning");
        take(subject, "pending-activities", "progress");
    }

    private void waiting() {
        world.cluster().karpenter().sellOut();
        Subject subject = new Subject(world, "translator");
        subject.apply();
        subject.await("a claim", Sight::claimed, Subject.NOW_AND_THEN);
        take(subject, METADATA, "waiting");
    }

    private void take(Subject subject, String part, String name) {
        page.navigate(world.temporal().webUi() + "/namespaces/default/workflows/"
                + URLEncoder.encode(subject.workflowId(), StandardCharsets.UTF_8) + "/" + runOf(subject) + "/" + part);
        page.waitForTimeout(RENDERED_MILLIS);
        page.screenshot(new Page.ScreenshotOptions().setPath(folder.resolve(name + ".png")));
    }

    private String runOf(Subject subject) {
        try (TemporalConnection connection =
                TemporalConnection.open(TemporalAddress.of(world.temporal().target()))) {
            return connection
                    .client()
                    .newUntypedWorkflowStub(subject.workflowId())
                    .describe()
                    .getExecution()
                    .getRunId();
        }
    }
}
