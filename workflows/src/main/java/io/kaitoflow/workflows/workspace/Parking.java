package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.parking.Berth;
import io.kaitoflow.workflows.parking.CourierActivities;
import io.kaitoflow.workflows.parking.ParkedAdapter;
import io.kaitoflow.workflows.parking.ParkingActivities;
import io.kaitoflow.workflows.parking.Receipt;
import io.kaitoflow.workflows.request.OutputTarget;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.tuning.AdapterArtifact;
import io.kaitoflow.workflows.workspace.course.Course;
import io.kaitoflow.workflows.workspace.course.StepFailed;
import io.kaitoflow.workflows.workspace.ledger.Keyed;
import io.kaitoflow.workflows.workspace.ledger.Ledger;
import io.kaitoflow.workflows.workspace.ledger.StepKey;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Workflow;

/**
 * Keeps a result whose push fails for good where it outlives its machine, so that the machine can go back and nothing is tuned
 * twice. The place is noted before it is made, and goes when the result is pushed, or with the workspace.
 */
final class Parking {

    /** In runs that began to push before this, such a result went with its machine. */
    private static final String MARKER = "parking";

    /** Runs that began before this asked nobody what was kept. */
    private static final String FOUND = "parking-found";

    private final Ledger ledger;
    private int tries;

    Parking(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * Deals with a push that failed while the tuner stands, which is to be paid for: it is tried again there a few times, and then the
     * result is kept elsewhere.
     *
     * @return whether the push is to be tried again; false where the push is not to blame, or the result is safe already
     * @throws StepFailed when it is not tried again
     */
    boolean pushesAgain(ActivityFailure thrown, Course course) {
        if (course.parked() || !(thrown.getCause() instanceof ApplicationFailure) || !isDue()) {
            return false;
        }
        Failure failure = Failure.of(thrown, FailureKind.TUNER_LOST);
        if (failure.kind() == FailureKind.OUT_OF_MEMORY) {
            return false;
        }
        if (failure.kind().retryable() && ++tries < ActivityPolicies.PUSH_TRIES) {
            NamedTimer.sleep("Before the result is pushed again", ActivityPolicies.BLOCK_PAUSE.multipliedBy(tries));
            return true;
        }
        throw new StepFailed(park(failure, course.request()));
    }

    /** Whether what is kept can be pushed; what somebody deleted is forgotten, and made again. */
    boolean stillKeeps(Course course) {
        Keyed<ParkedAdapter> kept = ledger.kept().result().orElseThrow();
        boolean stands = calls().stands(receipt(course.request().id(), kept.key(), kept.value()));
        if (!stands) {
            Workflow.getLogger(Parking.class).warn("What was kept is gone, and is made again");
            ledger.kept().discarded();
        }
        return stands;
    }

    private Receipt receipt(WorkspaceId id, StepKey madeFrom, ParkedAdapter result) {
        return new Receipt(id, madeFrom, ledger.evaluation().orElseThrow().value(), result);
    }

    /** A failure, and what is kept in spite of it. */
    Failure told(Failure failure, Course course) {
        return course.kept()
                ? and(failure, ledger.kept().result().orElseThrow().value().sentence())
                : failure;
    }

    /** What was kept is pushed. A place that does not go costs little, and goes with its workspace. */
    void discard(WorkspaceId id) {
        try {
            calls().discard(id);
        } catch (ActivityFailure refused) {
            rethrowCancellation(refused);
            ledger.remark("The place where the result was kept goes with the Workspace: " + words(refused));
        }
        ledger.kept().discarded();
    }

    /** The workspace goes. */
    void discardIfAny(WorkspaceId id) {
        if (ledger.kept().berthed()) {
            discard(id);
        }
    }

    private static boolean isDue() {
        return Workflow.getVersion(MARKER, Workflow.DEFAULT_VERSION, 1) > Workflow.DEFAULT_VERSION;
    }

    /** A run that remembers nothing asks what an earlier one could not push. */
    void findEarlier(WorkspaceId id) {
        if (Workflow.getVersion(FOUND, Workflow.DEFAULT_VERSION, 1) == Workflow.DEFAULT_VERSION) {
            return;
        }
        try {
            calls().find(id).forEach(this::takeOver);
        } catch (ActivityFailure unanswered) {
            Workflow.getLogger(Parking.class).warn("Nobody says whether a result is kept", unanswered);
        }
    }

    private void takeOver(Receipt found) {
        ledger.kept().berth();
        ledger.kept().took(found.madeFrom(), found.result());
        ledger.evaluated(found.madeFrom(), found.evaluation());
    }

    private Failure park(Failure failure, WorkspaceRequest request) {
        Keyed<AdapterArtifact> made = ledger.adapter().orElseThrow();
        OutputTarget target = request.goal().tuning().orElseThrow().output();
        try {
            ParkedAdapter parked = parked(new ParkingActivities.Input(request.id(), made.value(), target));
            ledger.kept().took(made.key(), parked);
            remember(receipt(request.id(), made.key(), parked));
            return failure;
        } catch (ActivityFailure alsoFailed) {
            rethrowCancellation(alsoFailed);
            return and(
                    failure,
                    "It went with its machine, for it could not be kept elsewhere either: " + words(alsoFailed));
        }
    }

    private ParkedAdapter parked(ParkingActivities.Input input) {
        ledger.kept().berth();
        Berth berth = places().prepare(input);
        berth.address().ifPresent(address -> carry(input, address));
        return new ParkedAdapter(input.adapter().at(berth.path()), berth.place(), berth.cure());
    }

    /** This run knows it anyway. */
    private void remember(Receipt receipt) {
        try {
            calls().remember(receipt);
        } catch (ActivityFailure refused) {
            rethrowCancellation(refused);
            Workflow.getLogger(Parking.class).warn("Only this run knows what is kept", refused);
        }
    }

    private void carry(ParkingActivities.Input input, String address) {
        try {
            String queue = ledger.tuner().orElseThrow().taskQueue();
            Workflow.newActivityStub(CourierActivities.class, ActivityPolicies.carry(queue))
                    .carry(new CourierActivities.Parcel(input.adapter(), address));
        } finally {
            Workflow.newDetachedCancellationScope(() -> close(input.id())).run();
        }
    }

    /** Who takes the result ends by itself as well. */
    private void close(WorkspaceId id) {
        try {
            calls().close(id);
        } catch (ActivityFailure refused) {
            Workflow.getLogger(Parking.class).warn("Who took the result stands for a while", refused);
        }
    }

    private static void rethrowCancellation(ActivityFailure thrown) {
        if (thrown.getCause() instanceof CanceledFailure cancelled) {
            throw cancelled;
        }
    }

    private static String words(ActivityFailure thrown) {
        return Failure.of(thrown, FailureKind.INTERNAL).message();
    }

    private static Failure and(Failure failure, String more) {
        return new Failure(failure.kind(), failure.message() + " " + more);
    }

    private static ParkingActivities places() {
        return Workflow.newActivityStub(ParkingActivities.class, ActivityPolicies.park());
    }

    private static ParkingActivities calls() {
        return Workflow.newActivityStub(ParkingActivities.class, ActivityPolicies.parkingCall());
    }
}
