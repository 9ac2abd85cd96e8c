package io.kaitoflow.inference.decode.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What the processor can do, as Linux lists it: instructions that it has and that the system lets programs use. */
final class Processor {
    private static final Path LIST = Path.of("/proc/cpuinfo");
    private static final List<String> NEEDED =
            List.of("avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512_vnni", "avx512_bf16");
    private static final boolean DOT_PRODUCTS = isKnown() && flags().containsAll(NEEDED);

    private Processor() {}

    /** Whether there are 512-bit dot products of bytes and of bfloat16 numbers. */
    static boolean hasDotProducts() {
        return DOT_PRODUCTS;
    }

    private static boolean isKnown() {
        return System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64")
                && Files.isReadable(LIST);
    }

    private static Set<String> flags() {
        try (var lines = Files.lines(LIST)) {
            return lines.filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .map(line -> new TreeSet<>(Arrays.asList(line.split("\\s+"))))
                    .orElseGet(TreeSet::new);
        } catch (IOException e) {
            // What cannot be listed is not used.
            return Set.of();
        }
    }
}
