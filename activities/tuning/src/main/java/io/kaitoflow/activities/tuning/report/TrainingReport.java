package io.kaitoflow.activities.tuning.report;

import io.kaitoflow.workflows.preflight.DatasetReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * A training in one page.
 *
 * @param title what was trained
 * @param dataset the rows it was trained on
 * @param curve its losses
 */
public record TrainingReport(String title, DatasetReport dataset, LossCurve curve) {

    private static final int SPARKLINE = 60;

    /** Writes {@code report.md} and {@code loss.svg}, which the page shows. */
    public void write(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("loss.svg"), curve.svg());
            Files.writeString(folder.resolve("report.md"), text());
        } catch (IOException e) {
            throw new UncheckedIOException("The training report cannot be written into " + folder, e);
        }
    }

    String text() {
        StringBuilder text = new StringBuilder("# " + title + "\n\n");
        text.append(String.format(
                Locale.ROOT,
                "Rows %,d, of them held out %,d; tokens %,d, scored %,d; longest row %,d tokens; truncated rows %,d;"
                        + " duplicate rows %,d%s.%n%n",
                dataset.rows(),
                dataset.heldOutRows(),
                dataset.tokens(),
                dataset.scoredTokens(),
                dataset.longestRow(),
                dataset.truncatedRows(),
                dataset.duplicates(),
                dataset.exact() ? "" : " (estimated from a sample)"));
        if (!dataset.lengths().isEmpty()) {
            text.append("Rows by length: ").append(dataset.lengthsInWords()).append(".\n\n");
        }
        if (!curve.points().isEmpty()) {
            LossCurve.Point first = curve.points().getFirst();
            LossCurve.Point last = curve.points().getLast();
            text.append(String.format(
                    Locale.ROOT,
                    "Loss %.4f at step %d, %.4f at step %d.%n%n",
                    first.loss(),
                    first.step(),
                    last.loss(),
                    last.step()));
        }
        best().ifPresent(point -> text.append(String.format(
                Locale.ROOT,
                "Best held-out loss %.4f after step %d; that adapter was kept.%n%n",
                point.heldOut().orElseThrow(),
                point.step())));
        text.append("    ").append(curve.sparkline(SPARKLINE)).append("\n\n![Loss over steps](loss.svg)\n");
        return text.toString();
    }

    private Optional<LossCurve.Point> best() {
        return curve.points().stream()
                .filter(point -> point.heldOut().isPresent())
                .min(Comparator.comparingDouble(point -> point.heldOut().orElseThrow()));
    }
}
