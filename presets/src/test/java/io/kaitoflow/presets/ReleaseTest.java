package io.kaitoflow.presets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReleaseTest {

    @Test
    void theVersionIsThatOfTheBuildFile() throws IOException {
        assertThat(Files.readString(Path.of("../pom.xml")))
                .containsAnyOf(
                        "<revision>" + Release.VERSION + "</revision>",
                        "<revision>" + Release.VERSION + "-SNAPSHOT</revision>");
    }
}
