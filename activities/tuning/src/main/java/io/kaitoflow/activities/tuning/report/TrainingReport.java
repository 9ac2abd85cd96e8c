package io.kaitoflow.activities.tuning.report;

import io.kaitoflow.workflows.report.Journey;
import io.kaitoflow.workflows.report.TunerStart;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.tuning.Evaluation;
import io.kaitoflow.workflows.tuning.PushedImage;
import io.kaitoflow.workflows.tuning.TuningActivities.TuneInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * All that is known of a training. Equal reports are equal bytes.
 *
 * @param trained what the trainer was given
 * @param adapter what it made
 * @param curve its losses
 * @param result what became of it, once it is pushed
 * @param versions of what trained it
 */
public record TrainingReport(
        TuneInput trained, AdapterArtifact adapter, LossCurve curve, Optional<Result> result, Versions versions) {

    public static final String JSON = "report.json";
    public static final String PAGE = "report.html";

    /**
     * What became of an adapter.
     *
     * @param evaluation of it, where there was one
     * @param image as it was pushed
     * @param journey what the run knows
     */
    public record Result(Optional<Evaluation> evaluation, PushedImage image, Journey journey) {}

    /** Of what trained. */
    public record Versions(String kaitoflow, String java, String torch) {}

    /** For programs. */
    public String json() {
        return new ReportJson(this).text();
    }

    /** For people: one file that needs no other. */
    public String page() {
        return new ReportPage(this).text();
    }

    /** Writes both into a folder; each is there whole. */
    public void write(Path folder) {
        try {
            Files.createDirectories(folder);
            write(folder.resolve(JSON), json());
            write(folder.resolve(PAGE), page());
        } catch (IOException e) {
            throw new UncheckedIOException("The training report cannot be written into " + folder, e);
        }
    }

    private static void write(Path file, String text) throws IOException {
        Path fresh = Files.writeString(file.resolveSibling("." + file.getFileName() + ".new"), text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    String title() {
        return trained.preset().name() + " tuned for " + trained.id().namespace() + "/"
                + trained.id().name();
    }

    List<Mark> marks() {
        return Mark.of(curve, starts());
    }

    List<TunerStart> starts() {
        return result.map(made -> made.journey().starts()).orElse(List.of());
    }

    /** The step after which the held-out loss was lowest; its adapter was kept. */
    Optional<LossCurve.Point> best() {
        return curve.points().stream()
                .filter(point -> point.heldOut().isPresent())
                .min(Comparator.comparingDouble(point -> point.heldOut().orElseThrow()));
    }
}
