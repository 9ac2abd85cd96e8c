package io.kaitoflow.activities.tuning.report;

import io.kaitoflow.workflows.report.TunerStart;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Something that happened during a training.
 *
 * @param step after which it did
 * @param kind of thing
 * @param words for people
 */
public record Mark(long step, Kind kind, String words) {

    private static final int DRAWN_CHECKPOINTS = 200;

    /** What happened. */
    public enum Kind {
        CHECKPOINT("#2ca02c", "checkpoint"),
        RESUME("#ff7f0e", "resume"),
        /** A resume on another machine. */
        NODE_CHANGE("#9467bd", "other machine");

        private final String colour;
        private final String words;

        Kind(String colour, String words) {
            this.colour = colour;
            this.words = words;
        }

        String colour() {
            return colour;
        }

        String words() {
            return words;
        }
    }

    /** All that the steps tell, in their order. */
    static List<Mark> of(LossCurve curve, List<TunerStart> starts) {
        List<LossCurve.Point> points = curve.points();
        List<Mark> marks = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            LossCurve.Point point = points.get(i);
            LossCurve.Point before = points.get(Math.max(0, i - 1));
            if (point.start() != before.start()) {
                marks.add(resume(before, point, starts));
            }
            if (point.checkpoint() == point.step()) {
                marks.add(new Mark(point.step(), Kind.CHECKPOINT, "checkpoint of step " + point.step()));
            }
        }
        return List.copyOf(marks);
    }

    /** The same with so few checkpoints that each can be told from the next. */
    static List<Mark> drawn(List<Mark> all) {
        List<Mark> checkpoints =
                all.stream().filter(mark -> mark.kind() == Kind.CHECKPOINT).toList();
        int each = Math.max(1, Math.ceilDiv(checkpoints.size(), DRAWN_CHECKPOINTS));
        return Stream.concat(
                        IntStream.range(0, checkpoints.size())
                                .filter(i -> i % each == 0)
                                .mapToObj(checkpoints::get),
                        all.stream().filter(mark -> mark.kind() != Kind.CHECKPOINT))
                .toList();
    }

    private static Mark resume(LossCurve.Point before, LossCurve.Point point, List<TunerStart> starts) {
        Optional<String> from = machine(before.start(), starts);
        Optional<String> to = machine(point.start(), starts);
        String on = to.map(name -> " on " + name).orElse("");
        return from.equals(to)
                ? new Mark(point.step() - 1, Kind.RESUME, "resumed after step " + (point.step() - 1) + on)
                : new Mark(
                        point.step() - 1,
                        Kind.NODE_CHANGE,
                        "resumed after step " + (point.step() - 1) + on + ", before "
                                + from.map(name -> "on " + name).orElse("elsewhere"));
    }

    private static Optional<String> machine(int start, List<TunerStart> starts) {
        return starts.stream()
                .filter(each -> each.number() == start)
                .map(TunerStart::machine)
                .findFirst();
    }

    /** A short line for a checkpoint, one through the whole picture for the others. */
    String svg(double x, int top, int bottom) {
        return switch (kind) {
            case CHECKPOINT -> line(x, bottom - 6, bottom, "");
            case RESUME -> line(x, top, bottom, " stroke-dasharray=\"4 3\"");
            case NODE_CHANGE -> line(x, top, bottom, "");
        };
    }

    private String line(double x, int from, int to, String more) {
        return String.format(
                Locale.ROOT,
                "<path d=\"M%.1f %dV%d\" stroke=\"%s\"%s><title>%s</title></path>",
                x,
                from,
                to,
                kind.colour(),
                more,
                Html.text(words));
    }
}
