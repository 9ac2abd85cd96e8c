package io.kaitoflow.inference.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OfflineStartTest {
    /** Starts the engine in a process of its own and prints its version. */
    public static final class Start {
        public static void main(String[] arguments) {
            System.out.println("started " + TorchEngine.version());
        }
    }

    @Test
    void startsFromJarsAloneWithAnEmptyCacheAndNoNetwork(@TempDir Path cache) throws Exception {
        Process process = start(cache);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("started 2.7.1");
        try (var files = Files.walk(cache)) {
            assertThat(files.map(file -> file.getFileName().toString())).contains("libtorch_cpu.so");
        }
    }

    /** Every connection of the process is sent to a proxy that is not there, so a download would fail the start. */
    private static Process start(Path cache) throws IOException {
        var command = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-DsocksProxyHost=127.0.0.1",
                        "-DsocksProxyPort=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Start.class.getName()))
                .redirectErrorStream(true);
        command.environment().keySet().removeAll(List.of("DJL_OFFLINE", "OPT_OUT_TRACKING"));
        command.environment().put("DJL_CACHE_DIR", cache.toString());
        return command.start();
    }
}
