package io.kaitoflow.activities.tuning;

import io.kaitoflow.activities.checkpoint.Checkpoint;
import io.kaitoflow.activities.tuning.qlora.StepReport;
import io.kaitoflow.activities.tuning.report.LossLog;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes each step down, and sends a checkpoint on its way only with the losses up to it, so that the curve outlives the machine as the
 * checkpoint does.
 */
final class LossDiary {

    private static final String CARRIED = "losses-so-far.csv";

    private final LossLog losses;
    private final int start;
    private final Consumer<Checkpoint> carrier;
    private @Nullable Checkpoint waiting;

    /**
     * @param start number of the tuner's start
     * @param carrier takes checkpoints to where they outlive the machine
     */
    LossDiary(LossLog losses, int start, Consumer<Checkpoint> carrier) {
        this.losses = losses;
        this.start = start;
        this.carrier = carrier;
    }

    /** Where a checkpoint's folder has the losses up to it. */
    static Path carried(Checkpoint checkpoint) {
        return checkpoint.folder().resolve(CARRIED);
    }

    /** A checkpoint is durable; its own step may not be written down yet. */
    void saved(Checkpoint checkpoint) {
        waiting = checkpoint;
        sendWhatIsComplete();
    }

    /** A step has ended. */
    void add(StepReport step) {
        losses.add(step, start);
        sendWhatIsComplete();
    }

    private void sendWhatIsComplete() {
        Checkpoint next = waiting;
        if (next != null && losses.last() >= next.position().step()) {
            waiting = null;
            losses.copyTo(carried(next));
            carrier.accept(next);
        }
    }
}
