package io.kaitoflow.bridge.translate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A folder a case: in-workspace.yaml becomes out-request.json. Run with -Dgolden.rewrite=true to write the outputs anew. */
class GoldenTranslationTest {

    private static final Path FOLDER = Path.of("src", "test", "resources", "io", "kaitoflow", "bridge", "golden");
    private static final String IN = "in-workspace.yaml";
    private static final String OUT = "out-request.json";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    @TestFactory
    List<DynamicTest> everyCaseBecomesItsRequest() throws IOException {
        try (Stream<Path> cases = Files.list(FOLDER)) {
            return cases.sorted()
                    .map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(), () -> check(folder)))
                    .toList();
        }
    }

    private static void check(Path folder) throws IOException {
        Translation translation = Workspaces.translate(Files.readString(folder.resolve(IN)));
        assertThat(translation).isInstanceOf(Translation.Accepted.class);
        WorkspaceRequest request = ((Translation.Accepted) translation).request();
        String written = JSON.writeValueAsString(request) + "\n";
        if (Boolean.getBoolean("golden.rewrite")) {
            Files.writeString(folder.resolve(OUT), written);
        }

        assertThat(written).isEqualTo(Files.readString(folder.resolve(OUT)));
        assertThat(JSON.readValue(written, WorkspaceRequest.class)).isEqualTo(request);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder(IN, OUT);
        }
    }
}
