package io.kaitoflow.testcluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;

/**
 * A control group of Linux with a bound on its memory, as a kubelet makes one for a container: who takes more is ended by the kernel. Of
 * either version of control groups; made by root alone.
 */
public final class MemoryGroup implements AutoCloseable {

    private static final Path FIRST_VERSION = Path.of("/sys/fs/cgroup/memory");
    private static final Path SECOND_VERSION = Path.of("/sys/fs/cgroup");
    private static final String KILLS = "oom_kill ";

    private final Path folder;

    private MemoryGroup(Path folder) {
        this.folder = folder;
    }

    /** Why there can be none here; empty when there can. */
    public static String missing() {
        try (MemoryGroup probe = ofMebibytes(64)) {
            return probe.kills() == 0 ? "" : probe.folder + " counts kills of others.";
        } catch (UncheckedIOException refused) {
            return "No control group with a bound on its memory can be made here, which takes root and the memory"
                    + " controller: "
                    + refused.getMessage();
        }
    }

    /** A new one. Without swap, as on nodes. */
    public static MemoryGroup ofMebibytes(long bound) {
        String name = "kaitoflow-" + UUID.randomUUID();
        try {
            boolean first = Files.exists(FIRST_VERSION.resolve("memory.limit_in_bytes"));
            Path folder = Files.createDirectory((first ? FIRST_VERSION : SECOND_VERSION).resolve(name));
            String value = String.valueOf(bound << 20);
            try {
                Files.writeString(folder.resolve(first ? "memory.limit_in_bytes" : "memory.max"), value);
                forbidSwap(folder, first, value);
            } catch (IOException e) {
                Files.delete(folder);
                throw e;
            }
            return new MemoryGroup(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(String.valueOf(e), e);
        }
    }

    /** Kernels without swap have no such file. */
    private static void forbidSwap(Path folder, boolean first, String value) throws IOException {
        Path swap = folder.resolve(first ? "memory.memsw.limit_in_bytes" : "memory.swap.max");
        if (Files.exists(swap)) {
            Files.writeString(swap, first ? value : "0");
        }
    }

    /** The same command, run in this group from its first instruction on, under the same process id. */
    public List<String> around(List<String> command) {
        List<String> inside = new ArrayList<>(List.of(
                "sh",
                "-c",
                "echo $$ > \"$0\" && exec \"$@\"",
                folder.resolve("cgroup.procs").toString()));
        inside.addAll(command);
        return List.copyOf(inside);
    }

    /** A program at this path that does what the other one does, in this group. */
    public Path script(Path path, Path program) {
        try {
            Files.writeString(
                    path,
                    "#!/bin/sh\necho $$ > '" + folder.resolve("cgroup.procs") + "' && exec '" + program + "' \"$@\"\n");
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
            return path;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many of its processes the kernel has ended. */
    public long kills() {
        Path first = folder.resolve("memory.oom_control");
        try {
            return Files.readAllLines(Files.exists(first) ? first : folder.resolve("memory.events")).stream()
                    .filter(line -> line.startsWith(KILLS))
                    .mapToLong(line -> Long.parseLong(line.substring(KILLS.length())))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its processes have ended by then; the kernel may need a moment to notice. */
    @Override
    public void close() {
        Awaitility.await("an empty control group")
                .ignoreException(IOException.class)
                .until(() -> {
                    Files.deleteIfExists(folder);
                    return true;
                });
    }
}
