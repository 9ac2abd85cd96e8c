package io.kaitoflow.worker.cli.terminal;

import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.workflows.tuning.TuningProgress;

/** Shows a room's own progress on the terminal; bytes and rows alike are units. */
public final class TerminalProgress implements ProgressListener {

    private final ProgressDisplay display;

    /** @param display not owned */
    public TerminalProgress(ProgressDisplay display) {
        this.display = display;
    }

    @Override
    public void report(String activity, long done, long total) {
        display.progress(TuningProgress.of(activity, done, total));
    }
}
