package io.kaitoflow.bridge.admission;

import io.kaitoflow.bridge.admission.AdmissionReview.Author;
import io.kaitoflow.bridge.admission.ClusterView.Question;
import io.kaitoflow.bridge.admission.ClusterView.Seen;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.refusal.MissingObject;
import io.kaitoflow.bridge.refusal.Refusal;
import io.kaitoflow.bridge.translate.ImmutableFields;
import io.kaitoflow.bridge.translate.NamedObjects;
import io.kaitoflow.bridge.translate.ReferencedObjects;
import io.kaitoflow.bridge.translate.Translation;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;
import io.kaitoflow.workflows.preflight.Finding.Severity;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Judges creations and edits of workspaces. */
final class WorkspaceAdmission {

    private static final String KINDS = Workspace.GROUP + "/instance-types";

    private final WorkspaceTranslator translator;
    private final Outlook outlook;
    private final ClusterView cluster;

    WorkspaceAdmission(WorkspaceTranslator translator, Outlook outlook, ClusterView cluster) {
        this.translator = translator;
        this.outlook = outlook;
        this.cluster = cluster;
    }

    /**
     * Every rule of creation holds for an edit too. An edit that changes nothing of what is judged, such as a finalizer's, is let
     * through, and so is everything about an object that is being deleted: a workspace that became wrong must still be able to go.
     */
    Verdict judge(Workspace after, Optional<Workspace> before, Author author) {
        if (after.isMarkedForDeletion()
                || before.filter(old -> sameWish(old, after)).isPresent()) {
            return Verdict.silent();
        }
        NamedObjects named = NamedObjects.of(after);
        Seen seen = cluster.look(new Question(after.getMetadata().getNamespace(), named.configMaps(), author));
        List<Refusal> refusals = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        new AuthorRule(refusals, warnings).check(after, before, author, seen.podCreation());
        Translation translation = translator.translate(after, ReferencedObjects.of(seen.found(), List.of()));
        before.ifPresent(old -> refusals.addAll(new ImmutableFields(old, after).changes()));
        if (translation instanceof Translation.Refused(List<Refusal> more, List<String> _)) {
            refusals.addAll(more);
        }
        if (translation instanceof Translation.Accepted(WorkspaceRequest wish, List<String> _)
                && before.filter(old -> sameMachines(old, after)).isEmpty()) {
            refusals.addAll(hopeless(wish));
        }
        warnings.addAll(translation.notes());
        warnings.addAll(absences(translation, seen.unread()));
        return new Verdict(refusals, warnings);
    }

    /** What is not there yet is no mistake: {@code kubectl apply} of a folder has no order. */
    private static List<String> absences(Translation translation, Set<String> unread) {
        if (!(translation instanceof Translation.Waiting(List<MissingObject> missing, List<String> _))) {
            return List.of();
        }
        return missing.stream()
                .map(each -> unread.contains(each.name())
                        ? each.path() + ": ConfigMap \"" + each.name()
                                + "\" could not be read in time; it is checked before anything is bought."
                        : each.sentence())
                .toList();
    }

    private List<Refusal> hopeless(WorkspaceRequest wish) {
        return outlook.on(wish).stream()
                .filter(finding -> finding.severity() == Severity.REFUSAL)
                .map(finding -> new Refusal(
                        finding.subject(),
                        String.join(", ", wish.machines().instanceTypes()),
                        finding.message().replaceFirst("\\.$", ""),
                        finding.kind().advice()))
                .toList();
    }

    /** What is held stays, whatever became of a cap; nobody is to be kept from another edit by that. */
    private static boolean sameMachines(Workspace before, Workspace after) {
        return Objects.equals(before.getResource(), after.getResource())
                && Objects.equals(
                        ourAnnotations(before).get(KINDS), ourAnnotations(after).get(KINDS));
    }

    private static boolean sameWish(Workspace before, Workspace after) {
        return Objects.equals(before.getResource(), after.getResource())
                && Objects.equals(before.getInference(), after.getInference())
                && Objects.equals(before.getTuning(), after.getTuning())
                && ourAnnotations(before).equals(ourAnnotations(after));
    }

    private static Map<String, String> ourAnnotations(Workspace workspace) {
        return Objects.requireNonNullElse(workspace.getMetadata().getAnnotations(), Map.<String, String>of())
                .entrySet()
                .stream()
                .filter(entry -> entry.getKey().startsWith(Workspace.GROUP + "/"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
