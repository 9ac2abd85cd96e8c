package io.kaitoflow.worker.cli.terminal;

import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.workflows.cost.Bounds;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.tuning.TuningProgress;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows a run on the terminal: a line per phase with the time it took, and a bar while steps are counted. Where output is not a
 * terminal, the bar becomes a line per tenth of the steps, so that logs stay short.
 */
public final class ProgressDisplay implements AutoCloseable {

    private static final int TENTHS = 10;
    private static final int BAR_WIDTH = 100;

    private static final long MEBIBYTE = 1 << 20;

    private final PrintStream out;
    private final boolean terminal;
    private final InstantSource clock;
    private @Nullable Phase phase;
    private Instant since;
    private @Nullable ProgressBar bar;
    private String barActivity = "";
    private long lastTenth = -1;
    private final LossLine losses = new LossLine();

    /** @param terminal whether lines may be drawn over */
    public ProgressDisplay(PrintStream out, boolean terminal, InstantSource clock) {
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
        this.since = clock.instant();
    }

    /** Tells the phase; the same one again changes nothing. */
    public void phase(Phase next) {
        if (next.equals(phase)) {
            return;
        }
        finishPhase();
        phase = next;
        since = clock.instant();
        String line = describe(next);
        if (!line.isEmpty()) {
            out.println("  " + line);
        }
    }

    /** Tells how far the running step is. */
    public void progress(TuningProgress progress) {
        if (progress.totalSteps() <= 0) {
            printOnce(progress.activity());
            return;
        }
        losses.add(progress);
        if (terminal) {
            advanceBar(progress);
        } else {
            printTenth(progress);
        }
    }

    /** Of what has no known end it can only be said that it goes on. */
    private void printOnce(String activity) {
        if (!activity.isEmpty() && !activity.equals(barActivity)) {
            closeBar();
            barActivity = activity;
            out.println("    " + activity);
        }
    }

    private void advanceBar(TuningProgress progress) {
        ProgressBar current = bar;
        if (current == null || !barActivity.equals(progress.activity())) {
            closeBar();
            barActivity = progress.activity();
            current = barFor(progress);
            bar = current;
        }
        current.maxHint(progress.totalSteps());
        current.stepTo(progress.step());
        current.setExtraMessage(" " + figures(progress));
    }

    private ProgressBar barFor(TuningProgress progress) {
        ProgressBarBuilder builder = new ProgressBarBuilder()
                .setTaskName("  " + progress.activity())
                .setInitialMax(progress.totalSteps())
                .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                .setUpdateIntervalMillis(200)
                .hideEta()
                .setConsumer(new ConsoleProgressBarConsumer(out, BAR_WIDTH));
        if (inBytes(progress)) {
            builder.setUnit(" MiB", MEBIBYTE);
        }
        return builder.build();
    }

    private void printTenth(TuningProgress progress) {
        long tenth = progress.step() * TENTHS / progress.totalSteps();
        if (tenth == lastTenth && barActivity.equals(progress.activity())) {
            return;
        }
        lastTenth = tenth;
        barActivity = progress.activity();
        out.println("    " + progress.activity() + " " + amount(progress.step(), progress) + "/"
                + amount(progress.totalSteps(), progress) + figures(progress));
    }

    private static String amount(long number, TuningProgress progress) {
        return inBytes(progress) ? ByteSize.ofBytes(number).toString() : String.valueOf(number);
    }

    /** Nothing else comes in such numbers. */
    private static boolean inBytes(TuningProgress progress) {
        return progress.totalSteps() >= MEBIBYTE;
    }

    /** Loss, speed and time left, as far as they are known. */
    static String figures(TuningProgress progress) {
        StringBuilder text = new StringBuilder();
        progress.loss().ifPresent(loss -> text.append(String.format(Locale.ROOT, "  loss %.3f", loss)));
        progress.tokensPerSecond()
                .ifPresent(speed -> text.append(String.format(Locale.ROOT, "  %.0f tokens/s", speed)));
        progress.eta().ifPresent(left -> text.append("  ETA ").append(clockTime(left)));
        return text.toString();
    }

    static String clockTime(Duration duration) {
        return String.format(Locale.ROOT, "%d:%02d", duration.toMinutes(), duration.toSecondsPart());
    }

    private static String describe(Phase phase) {
        return switch (phase) {
            case Phase.Accepted _, Phase.Released _ -> "";
            case Phase.Preflight _ -> "Looking at data, model and machine";
            case Phase.Queued queued -> "Queued for " + queued.instanceType() + " (" + queued.reason() + ")";
            case Phase.Provisioning waiting -> "Claiming " + waiting.instanceType() + " (" + waiting.reason() + ")";
            case Phase.Fetching _ -> "Fetching model and data";
            case Phase.Tuning tuning -> describe(tuning);
            case Phase.Evaluating _ -> "Evaluating on held-out rows";
            case Phase.Publishing _ -> "Pushing the adapter image";
            case Phase.RollingOut _ -> "Starting the server";
            case Phase.Serving _ -> "Serving";
            case Phase.Completed _ -> "Completed";
            case Phase.Paused paused ->
                "Paused: " + paused.reason().replaceAll("[.\\s]+$", "") + "; go on with: " + wayOut(paused.reason());
            case Phase.Failed failed -> "Failed: " + failed.failure().kind();
            case Phase.Cancelled cancelled -> "Cancelled: " + cancelled.reason();
            case Phase.Releasing _ -> "Giving everything back";
        };
    }

    /** What is used up is raised; nothing else ends such a pause. */
    private static String wayOut(String reason) {
        if (Bounds.isOfMoney(reason)) {
            return "kaitoflow extend NAME --budget-usd USD, or a greater kaito.sh/budget-usd in the file";
        }
        return Bounds.isOfTime(reason)
                ? "kaitoflow extend NAME --max-hours HOURS, or a greater kaito.sh/max-hours in the file"
                : "kaitoflow resume NAME";
    }

    private static String describe(Phase.Tuning tuning) {
        String remark = tuning.remark().isEmpty() ? "" : ". " + tuning.remark();
        return tuning.resumes() == 0
                ? "Tuning" + remark
                : "Tuning goes on from the last checkpoint (resume " + tuning.resumes() + ")" + remark;
    }

    private void finishPhase() {
        closeBar();
        losses.take().ifPresent(line -> out.println("    " + line));
        Duration took = Duration.between(since, clock.instant());
        if (phase != null && !phase.waiting() && took.toSeconds() > 0) {
            out.println("    " + phase.label() + " took " + clockTime(took));
        }
    }

    private void closeBar() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
        barActivity = "";
        lastTenth = -1;
    }

    @Override
    public void close() {
        closeBar();
    }
}
