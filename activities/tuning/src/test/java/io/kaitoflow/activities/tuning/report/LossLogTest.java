package io.kaitoflow.activities.tuning.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.activities.tuning.qlora.StepReport;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

class LossLogTest {

    @TempDir
    private Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void name() {
        file = folder.resolve("run/losses.csv");
    }

    @Test
    void stepsOfEarlierAttemptsAreKeptAndThoseDoneAgainReplaced() {
        add(LossLog.open(file), 1, 2, 3, 4);

        LossLog resumed = LossLog.open(file);
        add(resumed, 3, 4, 5);

        assertThat(resumed.curve().points()).extracting(LossCurve.Point::step).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void aLineThatAKilledProcessLeftHalfWrittenIsPassedOver() throws IOException {
        LossLog killed = LossLog.open(file);
        add(killed, 1, 2, 3);
        Files.writeString(file, "4,1.2", StandardOpenOption.APPEND);

        LossLog resumed = LossLog.open(file);
        add(resumed, 3, 4);

        assertThat(resumed.curve().points()).extracting(LossCurve.Point::step).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void theSparklineFallsWithTheLoss() {
        assertThat(curve(8, 7, 6, 5, 4, 3, 2, 1).sparkline(8)).isEqualTo("█▇▆▅▄▃▂▁");
        assertThat(curve(8, 8, 4, 4, 1, 1).sparkline(3))
                .hasSize(3)
                .startsWith("█")
                .endsWith("▁");
        assertThat(curve(2, 2).sparkline(9)).isEqualTo("▁▁");
        assertThat(curve().sparkline(9)).isEmpty();
    }

    @Test
    void thePictureHoldsEveryPointInsideItsFrame() throws Exception {
        Element line = (Element) parsed(curve(3, 2, 5, 1).svg(List.of()))
                .getElementsByTagName("polyline")
                .item(0);

        String[] places = line.getAttribute("points").split(" ");
        assertThat(places).hasSize(4);
        assertThat(places[2]).isEqualTo("516.0,48.0");
        assertThat(places[3]).startsWith("672.0,");
    }

    @Test
    void aRunWithoutStepsIsAPictureToo() throws Exception {
        assertThat(parsed(curve().svg(List.of())).getDocumentElement().getTagName())
                .isEqualTo("svg");
    }

    @Test
    void whatAnotherMachineWroteDownIsGoneOnWith() {
        Path carried = folder.resolve("checkpoint/losses-so-far.csv");
        LossLog elsewhere = LossLog.open(folder.resolve("other/losses.csv"));
        add(elsewhere, 1, 2, 3);
        elsewhere.copyTo(carried);
        add(elsewhere, 4);

        LossLog resumed = LossLog.open(file, carried);
        add(resumed, 4, 5);

        assertThat(resumed.curve().points()).extracting(LossCurve.Point::step).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void whatThisMachineWroteDownIsKeptWhereItGotFurther() {
        LossLog here = LossLog.open(file);
        add(here, 1, 2);
        here.copyTo(folder.resolve("carried.csv"));
        add(here, 3);

        assertThat(LossLog.open(file, folder.resolve("carried.csv")).last()).isEqualTo(3);
        assertThat(LossLog.open(file, folder.resolve("not-there.csv")).last()).isEqualTo(3);
    }

    @Test
    void everythingThatIsWrittenDownIsReadBack() {
        LossLog log = LossLog.open(file);
        log.add(new StepReport(1, 9, 0.5, 3.25, 0.5, 2e-4, 100, Duration.ofSeconds(9), 1, OptionalDouble.of(1.5)), 4);

        assertThat(LossLog.read(file).points())
                .containsExactly(new LossCurve.Point(1, 3.25, OptionalDouble.of(1.5), 2e-4, 0.5, 100, 1, 4));
        assertThat(LossLog.read(folder.resolve("nothing.csv")).points()).isEmpty();
    }

    private static Document parsed(String svg) throws ParserConfigurationException, IOException, SAXException {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static LossCurve curve(double... losses) {
        List<LossCurve.Point> points = new java.util.ArrayList<>();
        for (double loss : losses) {
            points.add(new LossCurve.Point(points.size() + 1, loss, OptionalDouble.empty()));
        }
        return new LossCurve(points);
    }

    private static void add(LossLog log, int... steps) {
        for (int step : steps) {
            log.add(
                    new StepReport(
                            step, 9, 0.5, 3.0 / step, 0.1, 2e-4, 100, Duration.ofSeconds(9), 0, OptionalDouble.empty()),
                    1);
        }
    }
}
