package io.kaitoflow.inference.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaitoflow.inference.server.chat.ServedNames;
import io.kaitoflow.inference.server.engine.Arithmetic;
import io.kaitoflow.inference.server.engine.EngineModelLoader;
import io.kaitoflow.inference.server.engine.EngineSettings;
import io.kaitoflow.inference.tensor.ComputeType;
import io.kaitoflow.inference.tensor.DeviceChoice;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Served on a GPU by a process that has no PyTorch. The processor stands in for the GPU, as in the engine's tests. */
class GpuServerTest {
    @TempDir
    private static Path libraries;

    private static final Map<String, String> SMALL = Map.of("GPU_BYTES", "1000");
    private static final ServedNames NAMES = new ServedNames("tiny", List.of());

    /** Loads a model on the device that is named, lets it continue the references, and prints what it says. */
    public static final class Run {
        public static void main(String[] arguments) throws IOException {
            EngineSettings settings = new EngineSettings(
                    TinyModel.writeTo(Files.createTempDirectory(libraries(), "model")),
                    Map.of(),
                    new Arithmetic(DeviceChoice.valueOf(arguments[0]), ComputeType.BFLOAT16, false),
                    OptionalInt.of(2),
                    8,
                    OptionalInt.of(200));
            try (ServedModel served = ServedModel.with(NAMES, new EngineModelLoader(settings), Duration.ofMinutes(1))) {
                for (JsonNode reference : TinyModel.references()) {
                    String body = "{\"raw\":true,\"prompt\":\"%s\",\"generate_kwargs\":{\"max_new_tokens\":1}}"
                            .formatted(TinyModel.text(reference.path("input_ids")));
                    System.out.println("answered "
                            + ServedModel.json(served.post("/chat", body))
                                    .path("Result")
                                    .asText());
                }
            }
            // An HTTP client's threads would keep the process.
            System.exit(0);
        }

        private static Path libraries() {
            return Path.of(System.getenv("LD_LIBRARY_PATH"));
        }
    }

    @BeforeAll
    static void buildWhatStandsIn() throws IOException, InterruptedException {
        try {
            output(new ProcessBuilder("g++", "--version"));
        } catch (IOException e) {
            abort("Serving on a GPU is not tested on this processor: g++ is not installed.");
        }
        output(new ProcessBuilder("../engine/src/test/resources/cuda-on-processor/build", libraries.toString()));
    }

    @Test
    void needsNoPyTorch() throws Exception {
        assertThat(output(run("CUDA", Map.of()))).contains(likeliest());
    }

    @Test
    void aGpuThatIsNewerThanTheCompilerIsGivenTheIntermediateForm() throws Exception {
        assertThat(output(run("CUDA", Map.of("GPU_CAPABILITY", "100")))).contains(likeliest());
    }

    @Test
    void aModelThatIsTooLargeForAGpuThatWasFoundIsServedByTheProcessor() throws Exception {
        assertThat(output(run("AUTO", SMALL)))
                .contains("Computing on the processor. The GPU has no ")
                .contains(likeliest());
    }

    @Test
    void aModelThatIsTooLargeForAGpuThatWasAskedForIsRefused() throws Exception {
        Process process = run("CUDA", SMALL).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isNotZero();
        assertThat(said).contains("The GPU has no ").contains("Lower --context, or take a larger GPU.");
    }

    /** What the reference program says comes after each of its texts. */
    private static String[] likeliest() throws IOException {
        return StreamSupport.stream(TinyModel.references().spliterator(), false)
                .map(reference -> reference.path("argmax"))
                .map(argmax -> "answered "
                        + TinyModel.text(argmax.get(argmax.size() - 1).asInt()))
                .toArray(String[]::new);
    }

    private static ProcessBuilder run(String device, Map<String, String> gpu) {
        String path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("pytorch-native"))
                .collect(Collectors.joining(File.pathSeparator));
        ProcessBuilder run = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--add-modules=jdk.incubator.vector",
                "-Dstdout.encoding=UTF-8",
                "-cp",
                path,
                Run.class.getName(),
                device);
        run.environment().putAll(gpu);
        run.environment().put("LD_LIBRARY_PATH", libraries.toString());
        return run;
    }

    private static String output(ProcessBuilder command) throws IOException, InterruptedException {
        Process process = command.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
