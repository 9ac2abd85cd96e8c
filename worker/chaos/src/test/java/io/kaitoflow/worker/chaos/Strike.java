package io.kaitoflow.worker.chaos;

import io.kaitoflow.temporal.TemporalAddress;
import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.temporal.TemporalException;
import io.kaitoflow.testcluster.faults.Relay;
import io.temporal.client.WorkflowNotFoundException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;

/** Kills a victim and, where something outside would do so, brings it back a while later. */
final class Strike {

    private static final int LONGEST_OUTAGE_MILLIS = 4000;
    private static final int LONGEST_FREEZE_MILLIS = 20_000;

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final World world;
    private final Job job;
    private final Random random;

    Strike(World world, Job job, Random random) {
        this.world = world;
        this.job = job;
        this.random = random;
    }

    /**
     * Returns when what can come back is back.
     *
     * @param uid of the workspace; empty before there is one
     * @return what happened
     */
    String at(Victim victim, String uid) {
        return switch (victim) {
            case TUNER -> killTuner(uid);
            case NODE -> world.cluster().loseMachines(uid) + " machines taken away";
            case CONTROL_WORKER -> out("control plane", world.control()::kill, world.control()::revive);
            case BRIDGE -> freeze();
            case TEMPORAL -> out("Temporal", world.temporal()::kill, world.temporal()::restart);
            case DATABASE -> out("Temporal and its database", world.temporal()::kill, world.temporal()::restartEmpty);
            case RUN -> terminate(uid);
            case API_SERVER ->
                out(
                        "API server",
                        world.cluster().server()::kill,
                        world.cluster().server()::restart);
            case REGISTRY -> out("registry", world.registry()::kill, world.registry()::restart);
            case NETWORK -> cut();
        };
    }

    private String killTuner(String uid) {
        List<PodProcess> alive = world.cluster().kubelet().alive(uid);
        alive.forEach(PodProcess::kill);
        return alive.size() + " tuners killed";
    }

    private String out(String what, Runnable kill, Runnable restart) {
        int millis = random.nextInt(LONGEST_OUTAGE_MILLIS);
        kill.run();
        last(millis);
        restart.run();
        return what + " out for " + millis + " ms";
    }

    private String freeze() {
        int millis = random.nextInt(LONGEST_FREEZE_MILLIS);
        world.control().freeze();
        last(millis);
        world.control().thaw();
        return "control plane stood still for " + millis + " ms";
    }

    /** On a busy machine a connection may take its time, which says nothing about the run. */
    private String terminate(String uid) {
        String id = "workspace/" + job.namespace() + "/" + job.name() + "/" + uid;
        return Awaitility.await("Temporal to be told")
                .atMost(PATIENCE)
                .ignoreException(TemporalException.class)
                .until(() -> terminated(id), said -> true);
    }

    private String terminated(String id) {
        try (TemporalConnection connection =
                TemporalConnection.open(TemporalAddress.of(world.temporal().target()))) {
            connection.client().newUntypedWorkflowStub(id).terminate("by hand");
            return "run terminated";
        } catch (WorkflowNotFoundException none) {
            return "no run to terminate";
        }
    }

    private String cut() {
        List<Relay> cables = world.cables();
        int cable = random.nextInt(cables.size());
        Relay.State state = random.nextBoolean() ? Relay.State.CUT : Relay.State.DEAF;
        int millis = 1000 + random.nextInt(3 * LONGEST_OUTAGE_MILLIS);
        cables.get(cable).be(state);
        last(millis);
        cables.get(cable).be(Relay.State.OPEN);
        return "cable "
                + List.of("control-API", "control-Temporal", "tuner-Temporal", "registry")
                        .get(cable) + " " + state + " for " + millis + " ms";
    }

    /** How long something is out. */
    static void last(int millis) {
        try {
            Thread.sleep(Duration.ofMillis(millis));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while something was out", e);
        }
    }
}
