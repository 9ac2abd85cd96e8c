package io.kaitoflow.worker.cli.terminal;

import io.kaitoflow.activities.tuning.report.LossCurve;
import io.kaitoflow.workflows.tuning.TuningProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** The losses that were seen while a training was followed, as one line of bars. */
final class LossLine {

    private static final int WIDTH = 60;
    private static final int MOST = 4096;

    private List<LossCurve.Point> seen = new ArrayList<>();

    /** A step that was seen before, or that has no loss, adds nothing. */
    void add(TuningProgress progress) {
        boolean fresh = seen.isEmpty() || seen.getLast().step() < progress.step();
        if (fresh && progress.loss().isPresent()) {
            seen.add(new LossCurve.Point(progress.step(), progress.loss().getAsDouble(), OptionalDouble.empty()));
        }
        if (seen.size() > MOST) {
            seen = new ArrayList<>(IntStream.range(0, seen.size())
                    .filter(i -> i % 2 == 0)
                    .mapToObj(seen::get)
                    .toList());
        }
    }

    /** The line, once there are two losses; the next one begins anew. */
    Optional<String> take() {
        List<LossCurve.Point> points = seen;
        seen = new ArrayList<>();
        if (points.size() < 2) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "loss %.3f %s %.3f",
                points.getFirst().loss(),
                new LossCurve(points).sparkline(WIDTH),
                points.getLast().loss()));
    }
}
