package io.kaitoflow.inference.server.engine;

import com.sun.management.OperatingSystemMXBean;
import io.kaitoflow.inference.tokenizer.ModelFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The most memory that the server will ever take, in bytes, but for adapters that come later. All of it is known at start: the number
 * of requests changes nothing, since the cache is taken at once and bodies, queue and threads are bounded by the heap.
 *
 * @param weights of the model
 * @param adapters beside the heap
 * @param cache keys and values of all requests
 * @param heap the greatest that the JVM may make it
 */
record MemoryNeed(long weights, long adapters, long cache, long heap) {

    /** Classes, compiled code, threads, and what the framework holds outside the heap. */
    private static final long PROCESS = 192L << 20;

    static MemoryNeed of(Path model, long adapters, long cache) {
        long weights = ModelFiles.at(model).weightFiles().stream()
                .mapToLong(MemoryNeed::size)
                .sum();
        return new MemoryNeed(weights, adapters, cache, Runtime.getRuntime().maxMemory());
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Reading the size of " + file, e);
        }
    }

    long total() {
        return weights + adapters + cache + heap + PROCESS;
    }

    /** @throws IllegalArgumentException where this machine or container has not as much */
    void requireHere() {
        requireWithin(memoryHere());
    }

    /** Whether this machine or container has as much. */
    boolean fitsHere() {
        return total() <= memoryHere();
    }

    private static long memoryHere() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    }

    void requireWithin(long available) {
        if (total() > available) {
            throw new IllegalArgumentException("Serving needs up to " + mebibytes(total()) + ": " + mebibytes(weights)
                    + " of weights, " + mebibytes(adapters) + " of adapters, " + mebibytes(cache) + " of cache, "
                    + mebibytes(heap) + " of heap, "
                    + mebibytes(PROCESS) + " for the process; there are " + mebibytes(available)
                    + ". Lower --context or -Xmx, or take a larger machine.");
        }
    }

    private static String mebibytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }
}
