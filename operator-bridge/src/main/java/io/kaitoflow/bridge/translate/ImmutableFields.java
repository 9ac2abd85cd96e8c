package io.kaitoflow.bridge.translate;

import io.kaitoflow.bridge.api.InferenceSpec;
import io.kaitoflow.bridge.api.PresetSpec;
import io.kaitoflow.bridge.api.ResourceSpec;
import io.kaitoflow.bridge.api.TuningSpec;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.refusal.Refusal;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rule for edits: some fields stay as they were created. Every other rule is {@link WorkspaceTranslator}'s, on every edit.
 *
 * @param before the edit
 * @param after the edit
 */
public record ImmutableFields(Workspace before, Workspace after) {

    /** One refusal for each changed field. */
    public List<Refusal> changes() {
        return Stream.of(
                        change("tuning", workspace -> presence(workspace.getTuning())),
                        change("inference", workspace -> presence(workspace.getInference())),
                        change("resource.instanceType", of(Workspace::getResource, ResourceSpec::instanceType)),
                        change("resource.count", of(Workspace::getResource, ResourceSpec::count)),
                        change("resource.labelSelector", of(Workspace::getResource, ResourceSpec::labelSelector)),
                        change("tuning.method", of(Workspace::getTuning, TuningSpec::method)),
                        change("tuning.preset.name", presetName(Workspace::getTuning, TuningSpec::preset)),
                        change("inference.preset.name", presetName(Workspace::getInference, InferenceSpec::preset)))
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<Refusal> change(String path, Function<Workspace, @Nullable Object> field) {
        Object old = field.apply(before);
        Object changed = field.apply(after);
        if (Objects.equals(old, changed)) {
            return Optional.empty();
        }
        return Optional.of(new Refusal(
                path,
                Objects.toString(changed, ""),
                "must stay as it was created (" + Objects.toString(old, "absent") + ")",
                "Undo the change, or make another Workspace."));
    }

    private static @Nullable Object presence(@Nullable Object part) {
        return part == null ? null : "present";
    }

    private static <P> Function<Workspace, @Nullable Object> of(
            Function<Workspace, @Nullable P> part, Function<P, @Nullable Object> field) {
        return workspace -> {
            P found = part.apply(workspace);
            return found == null ? null : field.apply(found);
        };
    }

    private static <P> Function<Workspace, @Nullable Object> presetName(
            Function<Workspace, @Nullable P> part, Function<P, @Nullable PresetSpec> preset) {
        return of(part, found -> {
            PresetSpec spec = preset.apply(found);
            return spec == null ? null : spec.name();
        });
    }
}
