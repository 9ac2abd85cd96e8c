package io.kaitoflow.worker.chaos;

import io.kaitoflow.worker.control.ControlMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;

/** The control plane's own main class as a process that is killed and started again, as a kubelet would. */
final class ControlPlaneProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path folder;
    private final Map<String, String> environment;
    private final ClassArchives archives;
    private int lives;
    private Process process;

    /** @param folder for its logs, one of each life */
    ControlPlaneProcess(Path folder, Map<String, String> environment, ClassArchives archives) {
        this.folder = folder;
        this.environment = new TreeMap<>(environment);
        this.archives = archives;
        this.process = run();
    }

    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** As a kubelet ends a pod that is not needed any more. */
    void stop() {
        process.destroy();
        process.onExit().join();
    }

    /** Starts it unless it runs: it may have ended by itself. */
    void revive() {
        if (!process.isAlive()) {
            process = run();
        }
    }

    /** Waits until it says that it takes work. */
    void awaitReady() {
        Awaitility.await("the control plane").atMost(PATIENCE).until(() -> said().contains("ControlMain: Ready"));
    }

    /** All of its log, in this life. */
    private String said() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path log() {
        return folder.resolve("control-" + lives + ".log");
    }

    /** It stands still: neither does it work nor does it notice that it does not. */
    void freeze() {
        signal("STOP");
    }

    void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start();
            kill.onExit().join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process run() {
        lives++;
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(archives.ofControlPlane());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ControlMain.class.getName()));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log().toFile());
        builder.environment().putAll(environment);
        try {
            Process started = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException("Tried to start the control plane", e);
        }
    }

    @Override
    public void close() {
        thaw();
        kill();
    }
}
