package io.kaitoflow.inference.tokenizer;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;

/** The real model that some tests need, named by whoever runs them. */
final class RealModel {

    private static final String NAME = "KAITOFLOW_TEST_MODEL";

    private RealModel() {}

    /** The path of SmolLM2-135M-Instruct as GGUF; skips the calling test when nobody named it. */
    static Path gguf() {
        String path = System.getProperty(NAME, System.getenv(NAME));
        assumeTrue(
                path != null,
                () -> "Skipped: set " + NAME + " to the path of SmolLM2-135M-Instruct.Q4_1.gguf,"
                        + " which \"./kaitoflow models pull smollm2-135m-instruct\" fetches.");
        return Path.of(path);
    }
}
