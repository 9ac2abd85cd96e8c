package io.kaitoflow.bridge.admission;

import io.kaitoflow.bridge.admission.AdmissionReview.Author;
import io.kaitoflow.bridge.admission.ClusterView.Right;
import io.kaitoflow.bridge.api.DataDestination;
import io.kaitoflow.bridge.api.DataSource;
import io.kaitoflow.bridge.api.InferenceSpec;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.refusal.Refusal;
import io.kaitoflow.bridge.translate.NamedObjects;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A workspace must give its author no more than a pod of their own would. Our pods see what it names, so whoever may not make pods
 * in the namespace must not name its Secrets, volumes or ConfigMaps, have an image pushed by its service account, nor write a template.
 * What was named before an edit is not the doing of its author. An API server of Kubernetes 1.30 asks the same by itself, by
 * {@code helm/admission/policy.yaml}: what is added to one is added to both.
 *
 * @param refusals are added to
 * @param warnings are added to
 */
record AuthorRule(List<Refusal> refusals, List<String> warnings) {

    /** Something of the namespace that our pods would see, with a name for messages. */
    private record Use(String name, Object what) {}

    void check(Workspace after, Optional<Workspace> before, Author author, Right podCreation) {
        List<Use> uses = uses(after);
        before.ifPresent(old -> uses.removeAll(uses(old)));
        if (uses.isEmpty()) {
            return;
        }
        String used = uses.getFirst().name();
        switch (podCreation) {
            case GIVEN -> {}
            case UNKNOWN ->
                warnings.add(used + ": whether you may make pods in this namespace could not be asked in time.");
            case DENIED -> refusals.add(refusal(after, used, author));
        }
    }

    private static Refusal refusal(Workspace workspace, String used, Author author) {
        return new Refusal(
                workspace.getTuning() == null ? "inference" : "tuning",
                used,
                "needs the right to make pods in namespace "
                        + workspace.getMetadata().getNamespace() + ", which " + author.username()
                        + " has not: a pod could read the same",
                "Ask for the right to create pods there, or name nothing of the namespace.");
    }

    private static List<Use> uses(Workspace workspace) {
        List<Use> uses = new ArrayList<>();
        NamedObjects named = NamedObjects.of(workspace);
        named.secrets().forEach(name -> uses.add(new Use("Secret " + name, name)));
        named.configMaps().forEach(name -> uses.add(new Use("ConfigMap " + name, name)));
        Optional.ofNullable(workspace.getInference())
                .map(InferenceSpec::template)
                .ifPresent(template -> uses.add(new Use("template", template)));
        Optional.ofNullable(workspace.getInference()).stream()
                .flatMap(inference -> inference.adapters().stream())
                .forEach(adapter -> addVolume("adapters.source.volumeSource", volumeOf(adapter.source()), uses));
        Optional.ofNullable(workspace.getTuning()).ifPresent(tuning -> {
            addVolume("input.volumeSource", volumeOf(tuning.input()), uses);
            addVolume("output.volumeSource", volumeOf(tuning.output()), uses);
            pushedByIdentity(tuning.output()).ifPresent(image -> uses.add(new Use("output.image", image)));
        });
        return uses;
    }

    /** Without a secret, the namespace's own service account pushes. */
    private static Optional<String> pushedByIdentity(@Nullable DataDestination destination) {
        return Optional.ofNullable(destination)
                .filter(output -> output.imagePushSecret() == null
                        || output.imagePushSecret().isBlank())
                .map(DataDestination::image);
    }

    private static @Nullable Object volumeOf(@Nullable DataSource source) {
        return source == null ? null : source.volumeSource();
    }

    private static @Nullable Object volumeOf(@Nullable DataDestination destination) {
        return destination == null ? null : destination.volumeSource();
    }

    private static void addVolume(String name, @Nullable Object volume, List<Use> uses) {
        if (volume != null) {
            uses.add(new Use(name, volume));
        }
    }
}
