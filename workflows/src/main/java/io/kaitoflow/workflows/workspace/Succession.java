package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.rollout.RolloutActivities;
import io.kaitoflow.workflows.rollout.RolloutActivities.RollInput;
import io.kaitoflow.workflows.workspace.course.Course;
import io.kaitoflow.workflows.workspace.ledger.Ledger;
import io.kaitoflow.workflows.workspace.ledger.Predecessor;
import io.kaitoflow.workflows.workspace.ledger.Step;
import io.kaitoflow.workflows.workspace.ledger.Undo;
import io.temporal.workflow.Workflow;
import java.util.Optional;

/**
 * What becomes of the server that answers while another is made for an edit, where {@code kaito.sh/rollout: surge} wants no outage:
 * it stays where it is until the other one answers, and for good where that one fails.
 */
final class Succession {

    private final Ledger ledger;
    private final GiveBack giveBack;
    private final NodeNews news;

    Succession(Ledger ledger, GiveBack giveBack, NodeNews news) {
        this.ledger = ledger;
        this.giveBack = giveBack;
        this.news = news;
    }

    /** Where the server of before answers meanwhile. */
    Optional<NodeLease> standing() {
        return ledger.surge().predecessor().map(Predecessor::lease);
    }

    /** Lets the server that stands answer on where this one would need its machine; says whether it does. */
    boolean stepsAside(Course course, RollInput input) {
        boolean aside = course.stepsAside() && !question().servedInPlace(input);
        if (aside) {
            ledger.stepAside();
        }
        return aside;
    }

    /** The machine beside the first one is not needed any more. */
    void stepBack() {
        stopTuner();
        ledger.stepBack(PhaseBoard.now());
        askBackAllBeside();
    }

    /** The machine of the server of before is not needed any more. */
    void dismiss() {
        ledger.surge().dismiss();
        askBackAllBeside();
    }

    /** Gives back what is leased, but not from under a server that is to answer on. */
    void giveBackFor(WorkspaceRequest request) {
        if (standing().isPresent() && request.goal().serves()) {
            stopTuner();
            ledger.leave(PhaseBoard.now());
            askBackAllBeside();
        } else {
            giveBack.everything();
        }
    }

    /** Says whether the run goes on after a step that failed for good: on the first machine, or as it was before the edit. */
    boolean outlives(Optional<Step> failed, Failure failure, Course course) {
        if (failed.equals(Optional.of(Step.ROLL)) || !course.answersOn()) {
            return false;
        }
        if (standing().isPresent() && failed.equals(Optional.of(Step.CLAIM)) && hadOnFirstMachine(failure, course)) {
            stepBack();
            ledger.surge()
                    .decline(
                            "There was no second machine for kaito.sh/rollout: surge, so nothing answers while the change is"
                                    + " made. " + failure.message());
        } else {
            keep(failure.sentence() + " What was served before is served on.");
        }
        return true;
    }

    /** Whether the next server answers; where it did not come up the one of before was taken back, and is kept. */
    boolean succeeds(Endpoint endpoint) {
        Optional<String> failed = endpoint.remark().filter(remark -> standing().isPresent());
        failed.ifPresent(this::keep);
        return failed.isEmpty();
    }

    /** What was served before is served on, and everything beside it goes. */
    void keep(String why) {
        if (standing().isPresent()) {
            stepBack();
        }
        stopTuner();
        askBackAllBeside();
        ledger.serveOn(why);
        ledger.surge().keep(why);
        // Nobody listened to what is said of the first machine meanwhile.
        news.tell();
    }

    /** Room under the cap is made by the first machine's return; missing machines come by nothing that is done here. */
    private static boolean hadOnFirstMachine(Failure failure, Course course) {
        return switch (failure.kind()) {
            case OVER_CAP -> true;
            case QUOTA_EXCEEDED, CAPACITY_MISSING, SKU_UNAVAILABLE, NODE_NOT_READY -> course.firstMachineFits();
            default -> false;
        };
    }

    private void stopTuner() {
        if (ledger.owed().contains(new Undo.StopTuner())) {
            giveBack.one(new Undo.StopTuner());
        }
    }

    /** All claims but those on the machine that is worked with, and on that of a server that answers. */
    private void askBackAllBeside() {
        Optional<NodeRequest> first = ledger.surge().predecessor().map(Predecessor::machine);
        ledger.owed().stream()
                .filter(undo -> undo instanceof Undo.Release(NodeRequest claim)
                        && !first.equals(Optional.of(claim))
                        && !ledger.machine().equals(Optional.of(claim)))
                .forEach(giveBack::ask);
    }

    private static RolloutActivities question() {
        return Workflow.newActivityStub(RolloutActivities.class, ActivityPolicies.servedInPlace());
    }
}
