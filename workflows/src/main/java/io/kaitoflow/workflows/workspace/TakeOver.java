package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.request.EarlierOutput;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.tuning.Evaluation;
import io.kaitoflow.workflows.tuning.OutputActivities;
import io.kaitoflow.workflows.tuning.OutputActivities.Finding;
import io.kaitoflow.workflows.tuning.OutputActivities.Presence;
import io.kaitoflow.workflows.tuning.PushedImage;
import io.kaitoflow.workflows.workspace.course.Gate;
import io.kaitoflow.workflows.workspace.ledger.Keyed;
import io.kaitoflow.workflows.workspace.ledger.Ledger;
import io.kaitoflow.workflows.workspace.ledger.Step;
import io.kaitoflow.workflows.workspace.ledger.StepKey;
import io.kaitoflow.workflows.workspace.ledger.StepKeys;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;

/**
 * A run that remembers nothing takes over what the object's status says was made, so that nothing is tuned twice: when the wish
 * is still the one that it was made from, and unless its registry says that it is gone.
 */
record TakeOver(WorkspaceRequest request, Ledger ledger) {

    void of(EarlierOutput earlier) {
        Evaluation evaluation = earlier.evaluation().orElseGet(Evaluation::skipped);
        StepKey push = StepKeys.push(request, Gate.accepts(evaluation, request.terms()));
        if (!push.value().equals(earlier.madeFrom())) {
            return;
        }
        Finding finding = find(earlier.image());
        if (finding.presence() == Presence.ABSENT) {
            ledger.remark("An earlier run made " + gone(earlier.image(), finding));
            return;
        }
        // Who made it may have been lost before its checkpoints were forgotten.
        ledger.shelves().used(request.goal().tuning().orElseThrow().output());
        ledger.takeOver(
                new Keyed<>(StepKeys.of(Step.EVALUATE, request), evaluation), new Keyed<>(push, earlier.image()));
        ledger.remark(
                finding.presence() == Presence.PRESENT
                        ? "Made by an earlier run and found in its registry."
                        : "Made by an earlier run; whether it is still there could not be verified: "
                                + finding.words());
    }

    /** Whether what was pushed before is there no more; it is forgotten then, and made again. */
    boolean lost(PushedImage pushed) {
        Finding finding = find(pushed);
        boolean lost = finding.presence() == Presence.ABSENT;
        if (lost) {
            ledger.outputLost("It was pushed to " + gone(pushed, finding));
        }
        return lost;
    }

    private static String gone(PushedImage pushed, Finding finding) {
        return pushed.image() + " " + pushed.digest() + ", which is not there any more, so it is made again: "
                + finding.words();
    }

    private Finding find(PushedImage pushed) {
        var target = request.goal().tuning().orElseThrow().output();
        OutputActivities outputs = Workflow.newActivityStub(OutputActivities.class, ActivityPolicies.find());
        try {
            return outputs.find(new OutputActivities.Input(request.id(), target, pushed));
        } catch (ActivityFailure unanswered) {
            return new Finding(
                    Presence.UNKNOWN,
                    Failure.of(unanswered, FailureKind.REGISTRY_UNAVAILABLE).message());
        }
    }
}
