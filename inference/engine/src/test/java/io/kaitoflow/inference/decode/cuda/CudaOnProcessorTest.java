package io.kaitoflow.inference.decode.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The kernels without a GPU: a driver, a compiler and a cuBLAS of some hundred lines in C++ run them on the processor, thread for
 * thread. Everything between Java and NVIDIA's libraries is as on a GPU; a test there stays the proof.
 */
class CudaOnProcessorTest {
    @TempDir
    private static Path libraries;

    /** Runs some of {@link StepChecks} in a process of its own, which finds these libraries in NVIDIA's place. */
    public static final class Run {
        public static void main(String[] arguments) throws IOException {
            for (String model : List.of("llama", "qwen3", "gemma2", "phi4mini")) {
                steps().besideOtherRows(model);
                steps().withAdapters(model);
                steps().withAnAdapterBesideAReplyWithAnother(model);
                System.out.println("right: " + model);
            }
            steps().inStretches("mistral");
            System.out.println("right: a long text");
            steps().withLargeHeads();
            System.out.println("right: large heads");
        }
    }

    /** Brings an adapter to a GPU that has not the room for it. */
    public static final class TooSmall {
        public static void main(String[] arguments) throws IOException {
            steps().withoutRoomForAnAdapter("llama");
            System.out.println("right: no room");
        }
    }

    private static StepChecks steps() throws IOException {
        return new StepChecks(Files.createTempDirectory(Path.of(System.getenv("LD_LIBRARY_PATH")), "models"));
    }

    @BeforeAll
    static void buildWhatStandsIn() throws IOException, InterruptedException {
        try {
            output(new ProcessBuilder("g++", "--version"));
        } catch (IOException e) {
            abort("The kernels for GPUs are not tested on this processor: g++ is not installed.");
        }
        output(new ProcessBuilder("src/test/resources/cuda-on-processor/build", libraries.toString()));
    }

    @Test
    void theKernelsComputeWhatTheProcessorDoes() throws Exception {
        assertThat(output(run(Run.class))).contains("right: large heads");
    }

    @Test
    void anAdapterThatHasNoRoomLeavesNothingBehind() throws Exception {
        ProcessBuilder small = run(TooSmall.class);
        small.environment().put("GPU_BYTES", "4000");

        assertThat(output(small)).contains("right: no room");
    }

    private static ProcessBuilder run(Class<?> main) {
        ProcessBuilder run = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--add-modules=jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
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
