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
     */
    public record Point(long step, double loss, OptionalDouble heldOut) {

        /** Of a line of {@link LossLog}; empty for a header and for a line that is not whole. */
        static Optional<Point> of(String line) {
            String[] cells = line.split(",", -1);
            try {
                return cells.length == 6 && !cells[5].isEmpty()
                        ? Optional.of(
                                new Point(Long.parseLong(cells[0]), Double.parseDouble(cells[1]), optional(cells[2])))
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

    /** The training loss as a line of bars, each the mean of as many steps; empty where there is no step. */
    public String sparkline(int width) {
        List<Point> means = thinned(width);
        double low = extreme(means, Point::loss, false);
        double high = extreme(means, Point::loss, true);
        return means.stream()
                .map(point ->
                        (int) Math.round((BARS.length() - 1) * (point.loss() - low) / Math.max(high - low, 1e-12)))
                .map(bar -> BARS.substring(bar, bar + 1))
                .collect(Collectors.joining());
    }

    /** A picture of training loss and held-out loss. */
    public String svg() {
        List<Point> drawn = thinned(DRAWN_POINTS);
        List<Point> measured =
                points.stream().filter(point -> point.heldOut().isPresent()).toList();
        double high = Math.max(
                extreme(drawn, Point::loss, true),
                extreme(measured, point -> point.heldOut().orElseThrow(), true));
        Scale scale = new Scale(points.isEmpty() ? 1 : points.getLast().step(), Math.max(high, 1e-6));
        return Stream.of(
                        String.format(
                                Locale.ROOT,
                                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                                        + " font-size=\"12\" role=\"img\"><title>Loss over steps</title>",
                                WIDTH,
                                HEIGHT),
                        scale.axes(),
                        scale.line(drawn, Point::loss, "#1f77b4"),
                        scale.line(measured, point -> point.heldOut().orElseThrow(), "#d62728"),
                        scale.legend(!measured.isEmpty()),
                        "</svg>")
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static double extreme(List<Point> points, ToDoubleFunction<Point> value, boolean largest) {
        var all = points.stream().mapToDouble(value).summaryStatistics();
        return points.isEmpty() ? 0 : largest ? all.getMax() : all.getMin();
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

        String legend(boolean measured) {
            String training = "<text x=\"" + MARGIN + "\" y=\"24\" fill=\"#1f77b4\">training loss</text>";
            return measured
                    ? training + "<text x=\"" + 3 * MARGIN + "\" y=\"24\" fill=\"#d62728\">held-out loss</text>"
                    : training;
        }

        private double x(long step) {
            return MARGIN + (double) (WIDTH - 2 * MARGIN) * step / steps;
        }

        private double y(double value) {
            return HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * Math.min(value, loss) / loss;
        }
    }
}
