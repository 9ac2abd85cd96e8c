package io.kaitoflow.activities.tuning.batches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** The memory of a data set's way does not grow with it. {@code KAITOFLOW_LARGE_SET} is the size of the large one in MiB. */
class StreamedEpochTest {

    private static final Pattern PEAK = Pattern.compile("peak MiB (\\d+)");
    private static final int ALLOWED_MIB = 64;

    @TempDir
    private Path folder;

    @Test
    void manyTimesTheDataTakeHardlyMoreMemory(TestReporter reporter) throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "memory is read as Linux tells it");

        int small = peak(5);
        int large = peak(Integer.parseInt(
                Optional.ofNullable(System.getenv("KAITOFLOW_LARGE_SET")).orElse("200")));
        reporter.publishEntry(Map.of("small, MiB", String.valueOf(small), "large, MiB", String.valueOf(large)));

        assertThat(large).isLessThanOrEqualTo(small + ALLOWED_MIB);
    }

    /** In a JVM as the tuner's. */
    private int peak(int mebibytes) throws IOException, InterruptedException {
        Path own = Files.createDirectories(folder.resolve(mebibytes + "-MiB"));
        Path output = own.resolve("output");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms32m",
                        "-Xmn16m",
                        "-Xmx640m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StreamedEpoch.class.getName(),
                        own.toString(),
                        String.valueOf(mebibytes)))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(30, TimeUnit.MINUTES)).isTrue();
        String said = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(said).isZero();
        Matcher peak = PEAK.matcher(said);
        assertThat(peak.find()).as(said).isTrue();
        return Integer.parseInt(peak.group(1));
    }
}
