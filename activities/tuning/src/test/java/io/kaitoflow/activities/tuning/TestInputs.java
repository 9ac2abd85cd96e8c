package io.kaitoflow.activities.tuning;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Files that are too large or not ours to keep here; tests that need them are skipped without. */
public final class TestInputs {

    private static final String MODEL = "KAITOFLOW_TEST_MODEL";
    private static final String SHARED = "KAITOFLOW_SHARED";

    private TestInputs() {}

    /** The GGUF file of SmolLM2-135M-Instruct. */
    public static Path model() {
        Path model = Path.of(setting(MODEL, "no such file"));
        assumeTrue(
                Files.isRegularFile(model),
                "set " + MODEL + " to SmolLM2-135M-Instruct.Q4_1.gguf (./kaitoflow models pull fetches it)");
        return model;
    }

    /** A file among the reference outputs. */
    public static Path reference(String name) {
        Path file =
                Path.of(setting(SHARED, "../../../shared")).resolve("reference").resolve(name);
        assumeTrue(Files.exists(file), "set " + SHARED + " to the folder that holds reference/" + name);
        return file;
    }

    private static String setting(String name, String otherwise) {
        String property = System.getProperty(name);
        String variable = System.getenv(name);
        return property != null ? property : variable != null ? variable : otherwise;
    }
}
