package io.kaitoflow.worker.tuner;

import io.kaitoflow.activities.checkpoint.Checkpoint;
import io.kaitoflow.activities.checkpoint.CheckpointDepot;
import io.kaitoflow.activities.checkpoint.CheckpointException;
import io.kaitoflow.presets.Digest;
import io.kaitoflow.workflows.failure.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checkpoints in the volume that takes the result, a folder each; one is there when its folder has its name.
 *
 * @param folder of this workspace alone
 * @param run whose checkpoints count; those of others are forgotten with the next one that is stored
 */
record VolumeDepot(Path folder, Digest run) implements CheckpointDepot {

    private static final int KEPT = 2;
    private static final int RUN_DIGITS = 12;

    private interface Work<T> {
        T done() throws IOException;
    }

    @Override
    public List<Long> steps() {
        return call(() -> all().filter(name -> name.startsWith(prefix()))
                .map(name -> Long.parseLong(name.substring(prefix().length())))
                .sorted(Comparator.reverseOrder())
                .toList());
    }

    @Override
    public void fetch(long step, Path target) {
        call(() -> {
            copy(folder.resolve(prefix() + step), target);
            return step;
        });
    }

    @Override
    public void store(Checkpoint checkpoint) {
        call(() -> {
            String name = prefix() + checkpoint.position().step();
            Path fresh = folder.resolve("." + name);
            delete(fresh);
            copy(checkpoint.folder(), Files.createDirectories(fresh));
            delete(folder.resolve(name));
            Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            forgetOld();
            return name;
        });
    }

    private void forgetOld() throws IOException {
        List<String> kept =
                steps().stream().limit(KEPT).map(step -> prefix() + step).toList();
        for (String name : all().filter(each -> !kept.contains(each)).toList()) {
            delete(folder.resolve(name));
        }
    }

    private Stream<String> all() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries
                    .map(entry -> entry.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .toList()
                    .stream();
        } catch (NoSuchFileException nothingYet) {
            return Stream.empty();
        }
    }

    private String prefix() {
        return run.hex().substring(0, RUN_DIGITS) + "-";
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static void delete(Path old) throws IOException {
        if (Files.exists(old)) {
            try (Stream<Path> inside = Files.walk(old)) {
                for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private <T> T call(Work<T> work) {
        try {
            return work.done();
        } catch (IOException refused) {
            throw new CheckpointException.Unreachable(
                    FailureKind.DISK_FULL, "The volume's folder " + folder + " cannot be used: " + refused, refused);
        }
    }
}
