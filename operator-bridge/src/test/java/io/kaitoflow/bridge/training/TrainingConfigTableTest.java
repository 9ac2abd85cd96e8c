package io.kaitoflow.bridge.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaitoflow.bridge.yaml.YamlText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page of keys tells all that are honoured, and names tests that exist. */
class TrainingConfigTableTest {

    private static final Path HOUSE = Path.of("..");

    /** One line of the page. */
    record Line(String key, String testClass, String testMethod) {}

    static List<Line> lines() throws IOException {
        return Files.readAllLines(Path.of("training-config.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("`"))
                .map(cells -> new Line(
                        cells[1],
                        cells[cells.length - 2].split("\\.")[0],
                        cells[cells.length - 2].split("\\.")[1]))
                .toList();
    }

    @Test
    void everyHonouredKeyIsTold() throws IOException {
        List<String> honoured = new ArrayList<>(List.of("QuantizationConfig.load_in_8bit"));
        new YamlText(TrainingConfigReaderTest.EVERY_KEY)
                .documents()
                .getFirst()
                .path("training_config")
                .properties()
                .forEach(section -> section.getValue()
                        .fieldNames()
                        .forEachRemaining(key -> honoured.add(section.getKey() + "." + key)));

        assertThat(lines()).extracting(Line::key).containsExactlyInAnyOrderElementsOf(honoured);
    }

    @ParameterizedTest
    @MethodSource("lines")
    void everyKeyHasATestThatExists(Line line) throws IOException {
        assertThat(source(line.testClass())).contains("void " + line.testMethod() + "(");
    }

    private static String source(String testClass) throws IOException {
        String file = testClass + ".java";
        for (String room : List.of("activities/tuning", "activities/dataset", "operator-bridge")) {
            try (Stream<Path> sources = Files.walk(HOUSE.resolve(room).resolve("src/test/java"))) {
                var found = sources.filter(path -> path.endsWith(file)).findFirst();
                if (found.isPresent()) {
                    return Files.readString(found.get());
                }
            }
        }
        throw new AssertionError("There is no " + file);
    }
}
