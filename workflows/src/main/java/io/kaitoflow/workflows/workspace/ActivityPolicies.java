package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.failure.FailureKind;
import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * Every bound, heartbeat and retry, and what the Web UI says of each step, on one page. Cancellation always waits for the activity's own answer.
 *
 * <p>Most stubs are made where they are called: a run calls few of them, and each reads its interface anew and keeps what it read.
 */
final class ActivityPolicies {

    /** A worker that says nothing for so long is gone. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);

    /** A tuner that takes no work for so long is looked after. */
    private static final Duration TUNER_PICKS_UP = Duration.ofSeconds(5);

    /** One that takes none for so long although it stands is replaced. */
    static final Duration TUNER_STANDS_IDLE = Duration.ofMinutes(2);

    /** How long a machine may take to become ready before the next kind is tried. */
    static final Duration NODE_READY = Duration.ofMinutes(30);

    /** How long a machine under a server may be silent before another takes its place: as long as Kubernetes leaves its pods there. */
    static final Duration MACHINE_BACK = Duration.ofMinutes(5);

    /** How often a machine may go, or fall silent, while one server starts. */
    static final int LOST_MACHINES = 3;

    /** How many claims of one kind may vanish, one after the other, before another kind is asked for. */
    static final int VANISHED_CLAIMS = 3;

    /** How often a slow thing is looked at again when nobody signals. */
    static final Duration RECHECK = Duration.ofSeconds(30);

    /** The longest pause between two looks at a claim whose signals may have been lost. */
    static final Duration LONGEST_RECHECK = Duration.ofMinutes(5);

    /** The same while nothing is taken and nothing costs; such a wait may last for days, and each look is written to history. */
    static final Duration LONGEST_FREE_RECHECK = Duration.ofMinutes(20);

    /** What is asked back is waited for this long before what is older is asked back beside it: as long as a pod may take to end. */
    static final Duration ASKED_ALONE = Duration.ofMinutes(5);

    /** How often one looks whether a thing is gone while the time doubles, about: the pause is this part of what it took so far. */
    static final int LOOKS_AT_WHAT_STAYS = 4;

    /** The longest pause between two looks at what does not go. */
    static final Duration LONGEST_GONE_RECHECK = Duration.ofHours(1);

    /** The first pause before all kinds are asked for again in the place of a machine that was lost; each next one is twice as long. */
    static final Duration ASKED_AGAIN = Duration.ofMinutes(1);

    /** The longest of these pauses; a refusal by a cloud is forgotten long before. */
    static final Duration LONGEST_ASKED_AGAIN = Duration.ofHours(1);

    /** Tries of the block in the tuner without a new checkpoint. */
    static final int BLOCK_TRIES = 3;

    /** Tries of a push by the tuner that made the result, before the result is kept elsewhere. */
    static final int PUSH_TRIES = 3;

    /** Pause before the block is tried again; grows with the tries in vain. */
    static final Duration BLOCK_PAUSE = Duration.ofSeconds(5);

    /** How long a workspace that goes waits for its checkpoints to go. */
    static final Duration LAST_CHECKPOINTS = Duration.ofSeconds(10);

    private ActivityPolicies() {}

    /** Pure arithmetic over the catalogue. */
    static LocalActivityOptions plan() {
        return local(Duration.ofSeconds(5), retry(3, Duration.ofMillis(200)));
    }

    /** A look at what is known already; nothing goes on without the answer. */
    static LocalActivityOptions held() {
        return local(
                Duration.ofSeconds(5),
                RetryOptions.newBuilder()
                        .setInitialInterval(Duration.ofMillis(200))
                        .setMaximumInterval(Duration.ofSeconds(5))
                        .build());
    }

    /** The same where everything goes on without the answer: it is asked for again when there is news. */
    static LocalActivityOptions heldOrLater() {
        return local(
                Duration.ofSeconds(5),
                RetryOptions.newBuilder().setMaximumAttempts(2).build());
    }

    /** A call to a registry that may be down; work goes on without its answer. */
    static ActivityOptions find() {
        return control(
                "Looks whether an earlier run pushed the output",
                Duration.ofMinutes(1),
                retry(2, Duration.ofSeconds(2)));
    }

    /** From registry to registry; one of them may be away for a while. */
    static ActivityOptions move() {
        return control(
                "Pushes the result to its new place, from where it was pushed first",
                Duration.ofMinutes(20),
                retry(8, Duration.ofSeconds(5)));
    }

    /** For a registry that is away for two minutes; what cannot be forgotten stays until the workspace is next changed, or goes. */
    static ActivityOptions forgetCheckpoints() {
        return control(
                "Forgets checkpoints that nobody needs any more",
                Duration.ofMinutes(1),
                retry(8, Duration.ofSeconds(2)));
    }

    /** One try of what usually takes a moment. Longer than any client of ours waits: what timed out must not take effect later. */
    static LocalActivityOptions atOnce() {
        return local(
                Duration.ofMinutes(1),
                RetryOptions.newBuilder().setMaximumAttempts(1).build());
    }

    static ActivityOptions preflight() {
        return control(
                "Looks at data, model and registry before anything is bought",
                Duration.ofMinutes(15),
                retry(4, Duration.ofSeconds(2)));
    }

    /**
     * Short calls; capacity that is missing is not asked for again, the next kind is. A provider that does not answer is asked for
     * as long as a machine may take.
     */
    static ActivityOptions claim() {
        RetryOptions retry = RetryOptions.newBuilder(retry(0, Duration.ofSeconds(1)))
                .setMaximumInterval(Duration.ofSeconds(10))
                .setDoNotRetry(neverRetriedNor(FailureKind.CAPACITY_MISSING, FailureKind.NODE_NOT_READY))
                .build();
        return ActivityOptions.newBuilder(control("Asks the provider for a machine", Duration.ofMinutes(1), retry))
                .setScheduleToCloseTimeout(NODE_READY)
                .build();
    }

    /** What gives back; the workflow asks again for as long as it takes, after pauses that grow. */
    static ActivityOptions giveBack() {
        return control("Gives back what was taken", Duration.ofMinutes(5), retry(3, Duration.ofSeconds(1)));
    }

    /** A pod without an image or room was borne for minutes already; whoever can mend that sees it sooner when the step fails. */
    static ActivityOptions rollout() {
        RetryOptions retry = RetryOptions.newBuilder(retry(3, Duration.ofSeconds(2)))
                .setDoNotRetry(neverRetriedNor(FailureKind.IMAGE_UNAVAILABLE, FailureKind.POD_NOT_PLACED))
                .build();
        return control("Starts processes on the machine", Duration.ofMinutes(30), retry);
    }

    /** A look at what stands. */
    static ActivityOptions servedInPlace() {
        return control(
                "Asks whether the server that stands can take the change",
                Duration.ofMinutes(1),
                retry(5, Duration.ofSeconds(1)));
    }

    /** A look at what was seen; nothing is lost without the answer. */
    static ActivityOptions tunerEnd() {
        return ActivityOptions.newBuilder(
                        control("Asks how the tuner ended", Duration.ofSeconds(30), retry(2, Duration.ofSeconds(1))))
                .setScheduleToCloseTimeout(Duration.ofMinutes(1))
                .build();
    }

    static ActivityOptions fetch(String tunerQueue) {
        return inTuner("Fetches and prepares the data", tunerQueue, Duration.ofHours(2));
    }

    static ActivityOptions tune(String tunerQueue) {
        return inTuner("Tunes; progress is in the heartbeat details", tunerQueue, Duration.ofDays(7));
    }

    static ActivityOptions evaluate(String tunerQueue) {
        return inTuner("Measures the tuned model against its base", tunerQueue, Duration.ofHours(2));
    }

    static ActivityOptions push(String tunerQueue) {
        return inTuner("Pushes the adapter and pulls it back to check", tunerQueue, Duration.ofHours(1));
    }

    /** Work goes on without; so long a machine is held for it at most. */
    static ActivityOptions report(String tunerQueue) {
        return ActivityOptions.newBuilder()
                .setSummary("Attaches the training report to the result")
                .setTaskQueue(tunerQueue)
                .setScheduleToStartTimeout(Duration.ofSeconds(15))
                .setScheduleToCloseTimeout(Duration.ofSeconds(45))
                .setHeartbeatTimeout(HEARTBEAT)
                .setRetryOptions(retry(3, Duration.ofSeconds(2)))
                .build();
    }

    /** A disk is made and attached; meanwhile the machine is held. */
    static ActivityOptions park() {
        RetryOptions retry = RetryOptions.newBuilder(retry(3, Duration.ofSeconds(2)))
                .setDoNotRetry(neverRetriedNor(FailureKind.IMAGE_UNAVAILABLE, FailureKind.POD_NOT_PLACED))
                .build();
        return ActivityOptions.newBuilder(
                        control("Makes a place for a result that cannot be pushed", Duration.ofMinutes(10), retry))
                .setScheduleToCloseTimeout(Duration.ofMinutes(12))
                .build();
    }

    /** The place ends by itself when nobody hears of it, and goes with the workspace; deleting it may take minutes. */
    static ActivityOptions parkingCall() {
        return control(
                "Looks after the place of a result that could not be pushed",
                Duration.ofMinutes(5),
                retry(3, Duration.ofSeconds(1)));
    }

    static ActivityOptions carry(String tunerQueue) {
        return ActivityOptions.newBuilder(
                        inTuner("Brings the result to where it is kept", tunerQueue, Duration.ofMinutes(10)))
                .setScheduleToCloseTimeout(Duration.ofMinutes(15))
                .setRetryOptions(retry(3, Duration.ofSeconds(2)))
                .build();
    }

    /** The latest snapshot wins, so a late one is not worth waiting for. */
    static ActivityOptions publish() {
        return ActivityOptions.newBuilder()
                .setSummary("Writes the status")
                .setTaskQueue(TaskQueues.status(ownQueue()))
                .setStartToCloseTimeout(Duration.ofSeconds(10))
                .setScheduleToCloseTimeout(Duration.ofMinutes(1))
                .setRetryOptions(retry(5, Duration.ofMillis(200)))
                .build();
    }

    /** Whoever works on a run also looks after what is around it: a cluster's control plane, or a command on its own machine. */
    private static String ownQueue() {
        return Workflow.getInfo().getTaskQueue();
    }

    private static LocalActivityOptions local(Duration bound, RetryOptions retry) {
        return LocalActivityOptions.newBuilder()
                .setStartToCloseTimeout(bound)
                .setRetryOptions(retry)
                .build();
    }

    private static ActivityOptions control(String summary, Duration startToClose, RetryOptions retry) {
        return ActivityOptions.newBuilder()
                .setSummary(summary)
                .setTaskQueue(ownQueue())
                .setStartToCloseTimeout(startToClose)
                .setHeartbeatTimeout(HEARTBEAT)
                .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
                .setRetryOptions(retry)
                .build();
    }

    /** Bound to one machine: tried once, because it is the block that is tried again, from the checkpoint. */
    private static ActivityOptions inTuner(String summary, String tunerQueue, Duration startToClose) {
        return ActivityOptions.newBuilder()
                .setSummary(summary)
                .setTaskQueue(tunerQueue)
                .setScheduleToStartTimeout(TUNER_PICKS_UP)
                .setStartToCloseTimeout(startToClose)
                .setHeartbeatTimeout(HEARTBEAT)
                .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
                .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(1).build())
                .build();
    }

    private static String[] neverRetriedNor(FailureKind... decided) {
        return Stream.concat(
                        Stream.of(FailureKind.neverRetried()),
                        Stream.of(decided).map(Enum::name))
                .toArray(String[]::new);
    }

    private static RetryOptions retry(int attempts, Duration first) {
        return RetryOptions.newBuilder()
                .setMaximumAttempts(attempts)
                .setInitialInterval(first)
                .setMaximumInterval(Duration.ofSeconds(30))
                .setDoNotRetry(FailureKind.neverRetried())
                .build();
    }
}
