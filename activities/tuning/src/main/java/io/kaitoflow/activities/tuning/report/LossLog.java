package io.kaitoflow.activities.tuning.report;

import io.kaitoflow.activities.tuning.qlora.StepReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One line of comma-separated values for each step, written as it ends, so that what earlier attempts did is not forgotten. Steps
 * that are done again after a restart take the place of those that were lost.
 */
public final class LossLog {

    private static final String HEADER =
            "step,loss,held_out_loss,learning_rate,gradient_norm,tokens_per_second,checkpoint_step,start";

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
            log.last = read(file).steps();
            return log;
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    /** The same, with what another machine wrote down where that got further. */
    public static LossLog open(Path file, Path carried) {
        if (read(carried).steps() > read(file).steps()) {
            copy(carried, file);
        }
        return open(file);
    }

    /** What is written there; no steps where nothing is. */
    public static LossCurve read(Path file) {
        return Files.exists(file) ? new LossLog(file).curve() : new LossCurve(List.of());
    }

    /** The last step that is written down; 0 when none is. */
    public long last() {
        return last;
    }

    /** Lets all steps so far be read elsewhere. */
    public void copyTo(Path target) {
        copy(file, target);
    }

    private static void copy(Path from, Path to) {
        try {
            Files.createDirectories(to.toAbsolutePath().getParent());
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw unusable(to, e);
        }
    }

    /**
     * Adds a step that has ended.
     *
     * @param start number of the tuner's start
     */
    public void add(StepReport step, int start) {
        try {
            if (step.step() <= last) {
                forgetFrom(step.step());
            }
            Files.writeString(file, line(step, start), StandardOpenOption.APPEND);
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

    private static String line(StepReport step, int start) {
        return String.format(
                Locale.ROOT,
                "%d,%.6f,%s,%.6g,%.6g,%.1f,%d,%d%n",
                step.step(),
                step.loss(),
                step.evaluationLoss().isPresent()
                        ? String.format(
                                Locale.ROOT, "%.6f", step.evaluationLoss().getAsDouble())
                        : "",
                step.learningRate(),
                step.gradientNorm(),
                step.tokensPerSecond(),
                step.checkpointStep(),
                start);
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
