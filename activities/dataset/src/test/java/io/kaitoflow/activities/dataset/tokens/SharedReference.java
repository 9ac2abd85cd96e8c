package io.kaitoflow.activities.dataset.tokens;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Files that some tests need and the repository does not hold; without them the calling test is skipped. */
final class SharedReference {

    private SharedReference() {}

    /** A file of the folder of reference outputs. */
    static Path file(String name) {
        Path folder =
                Path.of(Optional.ofNullable(System.getenv("KAITOFLOW_SHARED")).orElse("../../../shared"));
        Path file = folder.resolve(name);
        assumeTrue(Files.exists(file), () -> "Skipped: set KAITOFLOW_SHARED to the folder that holds " + name);
        return file;
    }

    /** SmolLM2-135M-Instruct as GGUF. */
    static Path model() {
        String path = System.getProperty("KAITOFLOW_TEST_MODEL", System.getenv("KAITOFLOW_TEST_MODEL"));
        assumeTrue(
                path != null,
                "Skipped: set KAITOFLOW_TEST_MODEL to SmolLM2-135M-Instruct.Q4_1.gguf,"
                        + " which \"./kaitoflow models pull smollm2-135m-instruct\" fetches");
        return Path.of(String.valueOf(path));
    }
}
