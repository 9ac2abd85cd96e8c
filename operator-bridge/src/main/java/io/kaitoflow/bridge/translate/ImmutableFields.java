package io.kaitoflow.bridge.translate;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.kaitoflow.bridge.api.PresetSpec;
import io.kaitoflow.bridge.api.ResourceSpec;
import io.kaitoflow.bridge.api.TuningSpec;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.refusal.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
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

    /** One refusal for each changed field; of a part that came or went, one for the part. */
    public List<Refusal> changes() {
        return Stream.of(
                        change("tuning", workspace -> presence(workspace.getTuning())),
                        change("inference", workspace -> presence(workspace.getInference())),
                        change("resource.instanceType", Workspace::getResource, ResourceSpec::instanceType),
                        change("resource.count", Workspace::getResource, ResourceSpec::count),
                        change("resource.labelSelector", Workspace::getResource, ImmutableFields::labels),
                        change("tuning.method", Workspace::getTuning, TuningSpec::method),
                        change("tuning.preset.name", Workspace::getTuning, tuning -> name(tuning.preset())),
                        change("inference.preset.name", Workspace::getInference, serve -> name(serve.preset())))
                .flatMap(Optional::stream)
                .toList();
    }

    private <P> Optional<Refusal> change(
            String path, Function<Workspace, @Nullable P> part, Function<P, @Nullable Object> field) {
        P old = part.apply(before);
        P changed = part.apply(after);
        return old == null || changed == null
                ? Optional.empty()
                : change(path, workspace -> field.apply(workspace == before ? old : changed));
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

    private static @Nullable Object name(@Nullable PresetSpec preset) {
        return preset == null ? null : preset.name();
    }

    /** As a text that a user can read, e.g. {@code {apps=tune}}. */
    private static @Nullable Object labels(ResourceSpec resource) {
        LabelSelector selector = resource.labelSelector();
        if (selector == null) {
            return null;
        }
        Map<String, String> labels =
                new TreeMap<>(Objects.requireNonNullElse(selector.getMatchLabels(), Map.<String, String>of()));
        selector.getMatchExpressions()
                .forEach(each -> labels.merge(
                        each.getKey(),
                        each.getOperator() + " " + each.getValues(),
                        (first, second) -> first + ", " + second));
        return labels.toString();
    }
}
