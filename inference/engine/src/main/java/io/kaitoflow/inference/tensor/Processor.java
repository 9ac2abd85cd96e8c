package io.kaitoflow.inference.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What the processor can do, as Linux lists it: instructions that it has and that the system lets programs use. */
public final class Processor {
    private static final Path LIST = Path.of("/proc/cpuinfo");
    private static final Set<String> FLAGS = isKnown() ? flags() : Set.of();
    /** Of the processors for which oneDNN, which PyTorch multiplies bfloat16 with, has kernels. */
    private static final List<String> BFLOAT16 = List.of("avx512bw", "avx512vl", "avx512dq");

    private Processor() {}

    /** Whether it has all of these, by Linux's names for them on x86-64. */
    public static boolean has(Collection<String> flags) {
        return FLAGS.containsAll(flags);
    }

    /** Whether bfloat16 is worth computing in: without kernels for it PyTorch takes many times as long as in float32. */
    static boolean multipliesBfloat16() {
        return !isKnown() || has(BFLOAT16);
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
