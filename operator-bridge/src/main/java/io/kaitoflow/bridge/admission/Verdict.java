package io.kaitoflow.bridge.admission;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.StatusCauseBuilder;
import io.kaitoflow.bridge.admission.AdmissionReview.Response;
import io.kaitoflow.bridge.api.Workspace;
import io.kaitoflow.bridge.refusal.Refusal;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What admission thinks of a workspace.
 *
 * @param refusals all that is wrong; empty when it is let in
 * @param warnings what the author may want to know
 */
record Verdict(List<Refusal> refusals, List<String> warnings) {

    private static final int UNPROCESSABLE = 422;

    Verdict {
        refusals = List.copyOf(refusals);
        warnings = List.copyOf(warnings);
    }

    static Verdict silent() {
        return new Verdict(List.of(), List.of());
    }

    /** Nobody can say what is wrong, so it is not let in. */
    static Verdict unjudged(Workspace workspace, RuntimeException cause) {
        return new Verdict(
                List.of(
                        new Refusal(
                                "metadata.name",
                                Objects.requireNonNullElse(
                                        workspace.getMetadata().getName(), ""),
                                "could not be judged (" + cause + ")",
                                "Undo what was written last; where nothing is wrong with it, report this with the control plane's log.")),
                List.of());
    }

    Response response(String uid, Workspace workspace) {
        return new Response(uid, refusals.isEmpty(), warnings, refusals.isEmpty() ? null : status(workspace));
    }

    /** Shaped as the API server's own refusals, so that kubectl prints both alike. */
    private Status status(Workspace workspace) {
        String sentences = refusals.stream().map(Refusal::sentence).collect(Collectors.joining(" "));
        return new StatusBuilder()
                .withStatus("Failure")
                .withCode(UNPROCESSABLE)
                .withReason("Invalid")
                .withMessage(sentences)
                .withNewDetails()
                .withGroup(Workspace.GROUP)
                .withKind(workspace.getKind())
                .withName(workspace.getMetadata().getName())
                .withCauses(refusals.stream().map(Verdict::cause).toList())
                .endDetails()
                .build();
    }

    private static StatusCause cause(Refusal refusal) {
        String found = refusal.value().isEmpty() ? "Invalid value: " : "Invalid value: \"" + refusal.value() + "\": ";
        return new StatusCauseBuilder()
                .withReason("FieldValueInvalid")
                .withField(refusal.path())
                .withMessage(found + refusal.broken())
                .build();
    }
}
