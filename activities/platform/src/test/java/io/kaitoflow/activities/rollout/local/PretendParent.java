package io.kaitoflow.activities.rollout.local;

import io.kaitoflow.activities.rollout.Role;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.presets.Preset;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import io.kaitoflow.workflows.rollout.TunerHandle;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** A parent that starts a tuner, tells its process, and waits to be killed; it also makes the rollouts of the tests. */
public final class PretendParent {

    static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    private PretendParent() {}

    public static void main(String[] args) throws IOException {
        LocalRollout rollout = rollout(Path.of(args[0]), 0, "model.gguf", exit -> {});
        TunerHandle tuner = rollout.startTuner(LocalRolloutTest.tunerOf(1));
        System.out.println(tuner.name().replace("process ", ""));
        System.in.transferTo(OutputStream.nullOutputStream());
    }

    static LocalRollout rollout(Path home, int port, String model, Consumer<ChildExit> deaths) {
        return rollout(home, port, model, deaths, () -> 0);
    }

    static LocalRollout rollout(
            Path home, int port, String model, Consumer<ChildExit> deaths, LongSupplier memoryKills) {
        return rollout(settings(home, port, JAVA, "yes"), model, deaths, memoryKills);
    }

    /**
     * How its children are started.
     *
     * @param java starts them
     * @param pretend what they are told in their environment
     */
    static LocalSettings settings(Path home, int port, Path java, String pretend) {
        return new LocalSettings(
                java,
                System.getProperty("java.class.path"),
                home,
                home.resolve("logs"),
                home.resolve("state"),
                "127.0.0.1:1",
                port,
                Map.of("PRETEND", pretend),
                List.of("-XX:TieredStopAtLevel=1"));
    }

    static LocalRollout rollout(
            LocalSettings settings, String model, Consumer<ChildExit> deaths, LongSupplier memoryKills) {
        String main = PretendChild.class.getName();
        return new LocalRollout(
                settings,
                new FixedFiles(Path.of(model)),
                new Children(settings, Map.of(Role.SERVER, main, Role.TUNER, main), deaths, memoryKills));
    }

    /** Files that need no fetching. */
    private record FixedFiles(Path path) implements ServedFiles {
        @Override
        public Model model(Preset preset) {
            return new Model(path, Digest.parse("sha256:" + "0".repeat(64)));
        }

        @Override
        public Path adapter(ServedAdapter adapter) {
            return Path.of("/adapters", adapter.name());
        }
    }
}
