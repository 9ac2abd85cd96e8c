package io.kaitoflow.activities.tuning.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.activities.tuning.qlora.StepReport;
import io.kaitoflow.workflows.preflight.DatasetReport;
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

class TrainingReportTest {

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
        Element line = (Element)
                parsed(curve(3, 2, 5, 1).svg()).getElementsByTagName("polyline").item(0);

        String[] places = line.getAttribute("points").split(" ");
        assertThat(places).hasSize(4);
        assertThat(places[2]).isEqualTo("516.0,48.0");
        assertThat(places[3]).startsWith("672.0,");
    }

    @Test
    void aRunWithoutStepsIsAPictureToo() throws Exception {
        assertThat(parsed(curve().svg()).getDocumentElement().getTagName()).isEqualTo("svg");
    }

    @Test
    void thePageSaysWhatWasTrainedAndWhichAdapterWasKept() throws IOException {
        LossCurve curve = new LossCurve(List.of(
                new LossCurve.Point(1, 2.5, OptionalDouble.empty()),
                new LossCurve.Point(2, 1.5, OptionalDouble.of(1.75)),
                new LossCurve.Point(3, 0.5, OptionalDouble.of(1.9))));
        DatasetReport rows = new DatasetReport(
                1200,
                120,
                60_000,
                9000,
                512,
                3,
                2,
                true,
                List.of(),
                List.of(new DatasetReport.Band(64, 1100), new DatasetReport.Band(512, 100)));

        new TrainingReport("a model tuned", rows, curve).write(folder);

        assertThat(folder.resolve("report.md"))
                .content()
                .contains(
                        "Rows 1,200, of them held out 120",
                        "truncated rows 3; duplicate rows 2.",
                        "Rows by length: up to 64 tokens 1100, up to 512 100.",
                        "Loss 2.5000 at step 1, 0.5000 at step 3.",
                        "Best held-out loss 1.7500 after step 2",
                        "(loss.svg)");
        assertThat(Files.readString(folder.resolve("loss.svg"))).contains("held-out loss");
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
            log.add(new StepReport(
                    step, 9, 0.5, 3.0 / step, 0.1, 2e-4, 100, Duration.ofSeconds(9), 0, OptionalDouble.empty()));
        }
    }
}
