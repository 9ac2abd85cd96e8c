package io.kaitoflow.activities.tuning.report;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Losses over steps.
 *
 * @param points in the order of their steps
 */
public record LossCurve(List<Point> points) {

    private static final String BARS = "▁▂▃▄▅▆▇█";
    private static final int WIDTH = 720;
    private static final int HEIGHT = 280;
    private static final int MARGIN = 48;
    private static final int DRAWN_POINTS = 400;

    /**
     * A step.
     *
     * @param step counted from 1
     * @param loss of training
     * @param heldOut loss on held-out rows, where it was measured after this step
     * @param rate that it used
     * @param norm of the gradient, before clipping
     * @param speed tokens a second
     * @param checkpoint step of the newest checkpoint; 0 when there is none
     * @param start number of the tuner's start that took it; 0 when nobody counts
     */
    public record Point(
            long step,
            double loss,
            OptionalDouble heldOut,
            double rate,
            double norm,
            double speed,
            long checkpoint,
            int start) {

        private static final int CELLS = 8;

        /** Where only losses are known. */
        public Point(long step, double loss, OptionalDouble heldOut) {
            this(step, loss, heldOut, 0, 0, 0, 0, 0);
        }

        /** Of a line of {@link LossLog}; empty for a header and for a line that is not whole. */
        static Optional<Point> of(String line) {
            String[] cells = line.split(",", -1);
            try {
                return cells.length == CELLS && !cells[CELLS - 1].isEmpty()
                        ? Optional.of(new Point(
                                Long.parseLong(cells[0]),
                                Double.parseDouble(cells[1]),
                                optional(cells[2]),
                                Double.parseDouble(cells[3]),
                                Double.parseDouble(cells[4]),
                                Double.parseDouble(cells[5]),
                                Long.parseLong(cells[6]),
                                Integer.parseInt(cells[7])))
                        : Optional.empty();
            } catch (NumberFormatException header) {
                return Optional.empty();
            }
        }

        private static OptionalDouble optional(String cell) {
            return cell.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(cell));
        }
    }

    public LossCurve {
        points = List.copyOf(points);
    }

    /** The last step; 0 when there is none. */
    public long steps() {
        return points.isEmpty() ? 0 : points.getLast().step();
    }

    /** The training loss as a line of bars, each the mean of as many steps; empty where there is no step. */
    public String sparkline(int width) {
        List<Point> means = thinned(width);
        double low = means.stream().mapToDouble(Point::loss).min().orElse(0);
        double high = highest(means, Point::loss);
        return means.stream()
                .map(point ->
                        (int) Math.round((BARS.length() - 1) * (point.loss() - low) / Math.max(high - low, 1e-12)))
                .map(bar -> BARS.substring(bar, bar + 1))
                .collect(Collectors.joining());
    }

    /** A picture of training loss and held-out loss, with what happened meanwhile. */
    public String svg(List<Mark> marks) {
        List<Point> drawn = thinned(DRAWN_POINTS);
        List<Point> measured =
                points.stream().filter(point -> point.heldOut().isPresent()).toList();
        double high = Math.max(
                highest(drawn, Point::loss),
                highest(measured, point -> point.heldOut().orElseThrow()));
        Scale scale = new Scale(Math.max(1, steps()), Math.max(high, 1e-6));
        return Stream.of(
                        String.format(
                                Locale.ROOT,
                                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                                        + " font-size=\"12\" role=\"img\"><title>Loss over steps</title>",
                                WIDTH,
                                HEIGHT),
                        scale.axes(),
                        scale.marks(marks),
                        scale.line(drawn, Point::loss, "#1f77b4"),
                        scale.line(measured, point -> point.heldOut().orElseThrow(), "#d62728"),
                        scale.legend(!measured.isEmpty(), marks),
                        "</svg>")
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static double highest(List<Point> points, ToDoubleFunction<Point> value) {
        return points.stream().mapToDouble(value).max().orElse(0);
    }

    /** At most so many points, each the mean of equally many neighbours. */
    private List<Point> thinned(int most) {
        int each = Math.max(1, Math.ceilDiv(points.size(), most));
        return IntStream.range(0, Math.ceilDiv(points.size(), each))
                .mapToObj(i -> mean(points.subList(i * each, Math.min(points.size(), (i + 1) * each))))
                .toList();
    }

    private static Point mean(List<Point> some) {
        return new Point(
                some.getLast().step(),
                some.stream().mapToDouble(Point::loss).average().orElseThrow(),
                OptionalDouble.empty());
    }

    /**
     * From steps and losses to places in the picture.
     *
     * @param steps at the right end
     * @param loss at the upper end; the lower one is 0
     */
    private record Scale(long steps, double loss) {

        String axes() {
            return String.format(
                    Locale.ROOT,
                    "<path d=\"M%1$d %1$dV%2$dH%3$d\" fill=\"none\" stroke=\"#888\"/>%n"
                            + "<text x=\"4\" y=\"%4$d\">%5$.3f</text><text x=\"24\" y=\"%2$d\">0</text>%n"
                            + "<text x=\"%3$d\" y=\"%6$d\" text-anchor=\"end\">step %7$d</text>",
                    MARGIN,
                    HEIGHT - MARGIN,
                    WIDTH - MARGIN,
                    MARGIN + 4,
                    loss,
                    HEIGHT - MARGIN + 18,
                    steps);
        }

        String line(List<Point> points, ToDoubleFunction<Point> value, String colour) {
            String places = points.stream()
                    .map(point ->
                            String.format(Locale.ROOT, "%.1f,%.1f", x(point.step()), y(value.applyAsDouble(point))))
                    .collect(Collectors.joining(" "));
            return "<polyline fill=\"none\" stroke=\"" + colour + "\" stroke-width=\"1.5\" points=\"" + places + "\"/>";
        }

        String marks(List<Mark> marks) {
            return marks.stream()
                    .map(mark -> mark.svg(x(mark.step()), MARGIN, HEIGHT - MARGIN))
                    .collect(Collectors.joining("\n"));
        }

        String legend(boolean measured, List<Mark> marks) {
            Stream<String> lines = measured
                    ? Stream.of(tinted("#1f77b4", "training loss"), tinted("#d62728", "held-out loss"))
                    : Stream.of(tinted("#1f77b4", "training loss"));
            Stream<String> kinds = Stream.of(Mark.Kind.values())
                    .filter(kind -> marks.stream().anyMatch(mark -> mark.kind() == kind))
                    .map(kind -> tinted(kind.colour(), kind.words()));
            return Stream.concat(lines, kinds)
                    .collect(Collectors.joining(" ", "<text x=\"" + MARGIN + "\" y=\"24\">", "</text>"));
        }

        private static String tinted(String colour, String words) {
            return "<tspan fill=\"" + colour + "\">" + words + "</tspan>";
        }

        private double x(long step) {
            return MARGIN + (double) (WIDTH - 2 * MARGIN) * step / steps;
        }

        private double y(double value) {
            return HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * Math.min(value, loss) / loss;
        }
    }
}
