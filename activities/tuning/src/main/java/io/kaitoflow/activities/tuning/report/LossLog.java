package io.kaitoflow.activities.tuning.report;

import io.kaitoflow.activities.tuning.qlora.StepReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One line of comma-separated values for each step, written as it ends, so that what earlier attempts did is not forgotten. Steps
 * that are done again after a restart take the place of those that were lost.
 */
public final class LossLog {

    private static final String HEADER = "step,loss,held_out_loss,learning_rate,gradient_norm,tokens_per_second";

    private final Path file;
    private long last;

    private LossLog(Path file) {
        this.file = file;
    }

    /** @param file is made when it is not there; its folder is */
    public static LossLog open(Path file) {
        LossLog log = new LossLog(file);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            if (!Files.exists(file)) {
                Files.writeString(file, HEADER + "\n");
            }
            log.last = log.curve().points().stream()
                    .mapToLong(LossCurve.Point::step)
                    .max()
                    .orElse(0);
            return log;
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    /** Adds a step that has ended. */
    public void add(StepReport step) {
        try {
            if (step.step() <= last) {
                forgetFrom(step.step());
            }
            Files.writeString(file, line(step), StandardOpenOption.APPEND);
            last = step.step();
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    /** A line that a killed process left half written counts as not there. */
    private void forgetFrom(long step) throws IOException {
        List<String> kept = Stream.concat(
                        Stream.of(HEADER),
                        Files.readAllLines(file).stream()
                                .filter(line -> LossCurve.Point.of(line)
                                        .filter(point -> point.step() < step)
                                        .isPresent()))
                .toList();
        Files.write(file, kept);
    }

    private static String line(StepReport step) {
        return String.format(
                Locale.ROOT,
                "%d,%.6f,%s,%.6g,%.6g,%.1f%n",
                step.step(),
                step.loss(),
                step.evaluationLoss().isPresent()
                        ? String.format(
                                Locale.ROOT, "%.6f", step.evaluationLoss().getAsDouble())
                        : "",
                step.learningRate(),
                step.gradientNorm(),
                step.tokensPerSecond());
    }

    /** All steps so far. */
    public LossCurve curve() {
        try (Stream<String> lines = Files.lines(file)) {
            return new LossCurve(
                    lines.flatMap(line -> LossCurve.Point.of(line).stream()).toList());
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    private static UncheckedIOException unusable(Path file, IOException cause) {
        return new UncheckedIOException("The losses cannot be kept in " + file + ". Make room on that disk.", cause);
    }
}
