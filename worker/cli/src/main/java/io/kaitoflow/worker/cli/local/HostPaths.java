package io.kaitoflow.worker.cli.local;

import io.fabric8.kubernetes.api.model.HostPathVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;
import io.kaitoflow.bridge.api.InferenceSpec;
import io.kaitoflow.bridge.api.Workspace;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The folders of this machine that a workspace names. */
final class HostPaths {

    private HostPaths() {}

    /** Makes relative ones absolute, seen from {@code folder}. */
    static void resolve(Workspace workspace, Path folder) {
        Stream.concat(ofTuning(workspace), ofInference(workspace))
                .filter(Objects::nonNull)
                .map(Volume::getHostPath)
                .filter(Objects::nonNull)
                .forEach(path -> resolve(path, folder));
    }

    private static Stream<@Nullable Volume> ofTuning(Workspace workspace) {
        return Optional.ofNullable(workspace.getTuning()).stream()
                .flatMap(tuning -> Stream.of(
                        tuning.input() == null ? null : tuning.input().volumeSource(),
                        tuning.output() == null ? null : tuning.output().volumeSource()));
    }

    private static Stream<@Nullable Volume> ofInference(Workspace workspace) {
        return Optional.ofNullable(workspace.getInference()).stream()
                .flatMap(inference -> inference.adapters().stream())
                .map(InferenceSpec.Adapter::source)
                .map(source -> source == null ? null : source.volumeSource());
    }

    private static void resolve(HostPathVolumeSource source, Path folder) {
        Optional.ofNullable(source.getPath())
                .ifPresent(
                        path -> source.setPath(folder.resolve(path).normalize().toString()));
    }
}
