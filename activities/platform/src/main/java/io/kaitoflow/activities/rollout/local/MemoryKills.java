package io.kaitoflow.activities.rollout.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * How many processes the system has ended because the memory was full, as Linux counts them for the machine and for the control
 * group that this process is in. Where nobody counts it is always 0, so that a killed process is not taken for one of them.
 *
 * @param counters files with a line {@code oom_kill N}
 */
record MemoryKills(List<Path> counters) implements LongSupplier {

    private static final String LINE = "oom_kill ";

    MemoryKills {
        counters = List.copyOf(counters);
    }

    static MemoryKills ofThisMachine() {
        return new MemoryKills(List.of(Path.of("/proc/vmstat"), Path.of("/sys/fs/cgroup/memory.events")));
    }

    @Override
    public long getAsLong() {
        return counters.stream().mapToLong(MemoryKills::read).sum();
    }

    private static long read(Path counter) {
        try {
            return Files.readAllLines(counter).stream()
                    .filter(line -> line.startsWith(LINE))
                    .mapToLong(
                            line -> Long.parseLong(line.substring(LINE.length()).strip()))
                    .sum();
        } catch (IOException notCounted) {
            return 0;
        }
    }
}
