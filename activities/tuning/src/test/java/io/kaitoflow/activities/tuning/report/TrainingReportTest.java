package io.kaitoflow.activities.tuning.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.activities.tuning.report.TrainingReport.Result;
import io.kaitoflow.activities.tuning.report.TrainingReport.Versions;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** What a report says, whole; {@code -Dkaitoflow.rewrite=true} writes the expected files anew. */
class TrainingReportTest {

    private static final Path GOLDEN = Path.of("src", "test", "resources", "reports");

    static Stream<Arguments> reports() {
        return Stream.of(
                Arguments.of("resumed-on-another-machine", Reports.eventful()),
                Arguments.of("before-the-push", Reports.unpushed()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("reports")
    void jsonAndPageAreAsExpected(String name, TrainingReport report) throws IOException {
        assertGolden(name + ".json", report.json());
        assertGolden(name + ".html", report.page());
    }

    @Test
    void noOtherFileIsExpected() throws IOException {
        try (Stream<Path> files = Files.list(GOLDEN)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(reports()
                            .flatMap(each -> Stream.of(each.get()[0] + ".json", each.get()[0] + ".html"))
                            .toList());
        }
    }

    @Test
    void thePictureMarksWhatHappened() throws Exception {
        Document picture =
                parsed(Reports.eventful().curve().svg(Reports.eventful().marks()));

        var marks = picture.getElementsByTagName("path");
        assertThat(marks.getLength()).isEqualTo(1 + 2 + 2);
        assertThat(picture.getElementsByTagName("text").item(3).getTextContent())
                .contains("training loss", "held-out loss", "checkpoint", "resume", "other machine");
    }

    @Test
    void whatPeopleWroteStaysText() {
        assertThat(Reports.eventful().page())
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
                .doesNotContain("<script>");
    }

    @Test
    void thePageLoadsNothing() {
        assertThat(Reports.eventful().page())
                .doesNotContain("<link", "<img", "<script", "@import", "url(", "src=", "href=");
    }

    @Test
    void aLongTrainingHasFewMarksAndEveryStepInItsJson() {
        TrainingReport report = Reports.of(Reports.longCurve(20_000), Optional.empty());

        assertThat(Mark.drawn(report.marks())).hasSizeLessThanOrEqualTo(200);
        assertThat(report.page().length()).isLessThan(100_000);
        assertThat(report.json()).contains("[20000,");
    }

    @Test
    void bothFilesAreWrittenAndNothingElse(@TempDir Path folder) throws IOException {
        TrainingReport report = new TrainingReport(
                Reports.trained(),
                Reports.ADAPTER,
                Reports.eventful().curve(),
                Optional.<Result>empty(),
                new Versions("1", "2", "3"));

        report.write(folder);
        report.write(folder);

        assertThat(folder.resolve("report.json")).hasContent(report.json());
        assertThat(folder.resolve("report.html")).hasContent(report.page());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
    }

    private static void assertGolden(String name, String text) throws IOException {
        Path file = GOLDEN.resolve(name);
        if (Boolean.getBoolean("kaitoflow.rewrite")) {
            Files.createDirectories(GOLDEN);
            Files.writeString(file, text);
        }
        assertThat(text).isEqualTo(Files.readString(file));
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }
}
