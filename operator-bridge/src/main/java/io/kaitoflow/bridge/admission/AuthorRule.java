package io.kaitoflow.bridge.admission;

import io.kaitoflow.bridge.admission.AdmissionReview.Author;
import io.kaitoflow.bridge.api.DataDestination;
import io.kaitoflow.bridge.api.DataSource;
import io.kaitoflow.bridge.api.InferenceSpec;
import io.kaitoflow.bridge.api.TuningSpec;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.refusal.Refusal;
import io.kaitoflow.bridge.translate.NamedObjects;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A workspace must give its author no more than a pod of their own would. Our pods mount what it names, so whoever may not make
 * pods in the namespace must not name its Secrets, volumes or ConfigMaps, nor write a template.
 *
 * @param refusals are added to
 * @param warnings are added to
 */
record AuthorRule(ClusterView cluster, List<Refusal> refusals, List<String> warnings) {

    void check(Workspace workspace, Author author) {
        Optional<String> used = used(workspace);
        if (used.isEmpty()) {
            return;
        }
        String namespace = workspace.getMetadata().getNamespace();
        switch (cluster.mayCreatePods(author, namespace)) {
            case GIVEN -> {}
            case UNKNOWN ->
                warnings.add(used.get() + ": whether you may make pods in this namespace could not be asked in time.");
            case DENIED ->
                refusals.add(new Refusal(
                        workspace.getTuning() == null ? "inference" : "tuning",
                        used.get(),
                        "needs the right to make pods in namespace " + namespace + ", which " + author.username()
                                + " has not: a pod could read the same",
                        "Ask for the right to create pods there, or name nothing of the namespace."));
        }
    }

    /** The first part that makes a pod see something of the namespace. */
    private static Optional<String> used(Workspace workspace) {
        NamedObjects named = NamedObjects.of(workspace);
        if (!named.secrets().isEmpty()) {
            return Optional.of("Secret " + named.secrets().iterator().next());
        }
        if (!named.configMaps().isEmpty()) {
            return Optional.of("ConfigMap " + named.configMaps().iterator().next());
        }
        InferenceSpec inference = workspace.getInference();
        if (inference != null && inference.template() != null) {
            return Optional.of("template");
        }
        return volumes(workspace).findFirst();
    }

    private static Stream<String> volumes(Workspace workspace) {
        TuningSpec tuning = workspace.getTuning();
        if (tuning == null) {
            return Stream.empty();
        }
        return Stream.of(
                        Optional.ofNullable(tuning.input())
                                .map(DataSource::volumeSource)
                                .map(_ -> "input.volumeSource"),
                        Optional.ofNullable(tuning.output())
                                .map(DataDestination::volumeSource)
                                .map(_ -> "output.volumeSource"))
                .flatMap(Optional::stream)
                .map(Objects::requireNonNull);
    }
}
