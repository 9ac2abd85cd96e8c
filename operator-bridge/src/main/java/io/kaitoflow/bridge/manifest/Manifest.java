package io.kaitoflow.bridge.manifest;

import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.refusal.MissingObject;
import io.kaitoflow.bridge.refusal.Refusal;
import io.kaitoflow.bridge.translate.ReferencedObjects;
import io.kaitoflow.bridge.translate.Translation;
import io.kaitoflow.bridge.translate.WorkspaceTranslator;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a YAML file holds.
 *
 * @param workspace the one of the file
 * @param references the file's ConfigMaps and Secrets
 * @param refusals fields that no schema has; the API server would refuse them too
 * @param notes documents that were left out
 */
public record Manifest(Workspace workspace, ReferencedObjects references, List<Refusal> refusals, List<String> notes) {

    public Manifest {
        refusals = List.copyOf(refusals);
        notes = List.copyOf(notes);
    }

    /** The translation of the workspace, with what is wrong with the file itself. */
    public Translation translatedBy(WorkspaceTranslator translator) {
        Translation translation = translator.translate(workspace, references);
        List<String> allNotes = joined(notes, translation.notes());
        return switch (translation) {
            case Translation.Refused(List<Refusal> more, List<String> _) ->
                new Translation.Refused(joined(refusals, more), allNotes);
            case Translation.Waiting(List<MissingObject> missing, List<String> _)
            when refusals.isEmpty() -> new Translation.Waiting(missing, allNotes);
            case Translation.Accepted(WorkspaceRequest request, List<String> _)
            when refusals.isEmpty() -> new Translation.Accepted(request, allNotes);
            case Translation.Waiting _, Translation.Accepted _ -> new Translation.Refused(refusals, allNotes);
        };
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
