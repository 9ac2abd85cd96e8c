package io.kaitoflow.worker.chaos;

import io.kaitoflow.temporal.TemporalAddress;
import io.kaitoflow.temporal.TemporalConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How long people wait who pause, cancel, or lose a control plane while a model is tuned, and how much a tuning writes to its history: by
 * hand with {@code worker/chaos/bars}. Everything that the crash matrix runs is real here too.
 */
public final class DurableBars {

    private static final String CHECKPOINT = "-checkpoint-";

    private final World world;
    private final Map<String, List<Duration>> waits = new LinkedHashMap<>();
    private final List<String> digests = new ArrayList<>();
    private int worstRepeated;

    private DurableBars(World world) {
        this.world = world;
    }

    /** Argument: how often each is done, three times unless said. */
    public static void main(String[] arguments) {
        int times = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 3;
        try (World world = new World()) {
            DurableBars bars = new DurableBars(world);
            for (int i = 0; i < times; i++) {
                bars.undisturbed(i);
                bars.pauseAndResume(i);
                bars.cancel(i);
                bars.loseTheControlPlane(i);
                bars.loseTheLeader(i);
            }
            bars.tell();
        }
        System.exit(0);
    }

    private void undisturbed(int i) {
        Subject subject = new Subject(world, "quiet-" + i);
        subject.apply();
        subject.await("it to serve", Sight::serving, Subject.NOW_AND_THEN);
        say("Undisturbed: " + events(subject));
        finish(subject);
    }

    private void pauseAndResume(int i) {
        Subject subject = new Subject(world, "paused-" + i);
        subject.apply();
        subject.await("a checkpoint", Sight::shelved, Subject.CLOSELY);
        subject.annotate("kaito.sh/paused=true");
        Duration took = subject.await("its machine to be given back", sight -> sight.claims() == 0, Subject.CLOSELY);
        int done = world.cluster().kubelet().steps(subject.uid());
        OptionalInt stored = checkpoint(subject);
        waited("annotated as paused to machine given back", took);
        say("Paused after " + done + " steps with the checkpoint of step "
                + (stored.isPresent() ? stored.getAsInt() : "none") + " in the registry, in " + seconds(took));
        subject.annotate("kaito.sh/paused=false");
        subject.await("it to serve", Sight::serving, Subject.NOW_AND_THEN);
        worstRepeated = Math.max(worstRepeated, world.cluster().kubelet().steps(subject.uid()) - Job.STEPS);
        say("Resumed on another machine: " + events(subject));
        finish(subject);
    }

    private void cancel(int i) {
        Subject subject = new Subject(world, "cancelled-" + i);
        subject.apply();
        subject.await("a checkpoint", Sight::shelved, Subject.CLOSELY);
        subject.annotate("kaito.sh/cancel=1");
        waited(
                "annotated as cancelled to tuner and machine gone",
                subject.await("all to be gone", sight -> sight.claims() == 0 && !sight.tunerMade(), Subject.CLOSELY));
        leave(subject);
    }

    /** As a kubelet does with a container that was killed: it starts at once. */
    private void loseTheControlPlane(int i) {
        Subject tuning = new Subject(world, "lost-" + i);
        tuning.apply();
        tuning.await("a checkpoint", Sight::shelved, Subject.CLOSELY);
        world.control().kill();
        world.control().revive();
        waited(
                "control plane killed and restarted to a new workspace's machine claimed and its status written",
                claimedFor("after-loss-" + i));
        tuning.await("it to serve", Sight::serving, Subject.NOW_AND_THEN);
        worstRepeated = Math.max(worstRepeated, world.cluster().kubelet().steps(tuning.uid()) - Job.STEPS);
        finish(tuning);
    }

    /** Another replica is there, and the one that is killed stays away. */
    private void loseTheLeader(int i) {
        try (ControlPlaneProcess other = world.another("other-" + i)) {
            other.awaitReady();
            world.control().kill();
            waited(
                    "leader of two killed for good to a new workspace's machine claimed and its status written",
                    claimedFor("after-leader-" + i));
            world.control().revive();
            world.control().awaitReady();
        }
    }

    private Duration claimedFor(String name) {
        Subject next = new Subject(world, name);
        next.apply();
        next.await(
                "a claim, and word of it", sight -> sight.claimed() && sight.reached("Provisioning"), Subject.CLOSELY);
        Duration took = next.age();
        leave(next);
        return took;
    }

    /** The same bytes, whatever happened on the way. */
    private void finish(Subject subject) {
        digests.add(String.valueOf(world.registry()
                .tags(subject.job().repository())
                .get(subject.job().tag())));
        leave(subject);
    }

    private static void leave(Subject subject) {
        subject.delete();
        subject.await("it to go", sight -> !sight.exists(), Subject.NOW_AND_THEN);
    }

    private OptionalInt checkpoint(Subject subject) {
        return world.registry().tags(subject.job().repository()).keySet().stream()
                .filter(tag -> tag.contains(CHECKPOINT))
                .mapToInt(tag -> Integer.parseInt(tag.substring(tag.indexOf(CHECKPOINT) + CHECKPOINT.length())))
                .max();
    }

    private String events(Subject subject) {
        try (TemporalConnection connection =
                TemporalConnection.open(TemporalAddress.of(world.temporal().target()))) {
            return connection
                            .client()
                            .fetchHistory(subject.workflowId())
                            .getEvents()
                            .size()
                    + " events until it served, " + Job.STEPS / Job.BETWEEN_CHECKPOINTS + " checkpoints on the way";
        }
    }

    private void waited(String what, Duration took) {
        waits.computeIfAbsent(what, name -> new ArrayList<>()).add(took);
    }

    private void tell() {
        waits.forEach((what, took) -> say(what + ": worst of " + took.size() + " "
                + seconds(took.stream().max(Comparator.naturalOrder()).orElseThrow())));
        say("steps done again after a pause or a lost control plane: at most " + worstRepeated + " of " + Job.STEPS);
        say(digests.size() + " results, different ones among them: "
                + digests.stream().distinct().count());
    }

    private static String seconds(Duration took) {
        return String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
    }

    @SuppressWarnings("SystemOut") // results are printed
    private static void say(String line) {
        System.out.println(line);
    }
}
