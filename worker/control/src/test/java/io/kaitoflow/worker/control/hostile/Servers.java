package io.kaitoflow.worker.control.hostile;

import io.kaitoflow.temporal.TemporalConnection;
import io.kaitoflow.worker.control.Replica;
import io.kaitoflow.worker.control.TestCluster;
import io.temporal.client.WorkflowNotFoundException;
import java.time.Duration;
import java.util.Random;

/** Kills servers and replicas, and brings them back. */
final class Servers {

    private final Arena arena;
    private final Users users;
    private final Random random;
    private final Diary diary;
    private boolean temporalOut;

    Servers(Arena arena, Users users, Random random, Diary diary) {
        this.arena = arena;
        this.users = users;
        this.random = random;
        this.diary = diary;
    }

    /** Everything runs again, and the clock is right. */
    void heal() {
        arena.setClocks(Duration.ZERO);
        startTemporal();
        arena.replicas().forEach(Replica::start);
    }

    /** What a kubelet does for a replica whose probe fails. */
    void revive() {
        arena.replicas().stream()
                .filter(Replica::revived)
                .forEach(replica -> diary.note("a sick replica was started anew"));
    }

    void restartApiServer() {
        cluster().killApiServer();
    }

    void restartReplica() {
        Replica replica = anyReplica();
        replica.stop();
        replica.start();
    }

    void stopReplica() {
        anyReplica().stop();
    }

    void killReplica() {
        anyReplica().kill();
    }

    void stopTemporal() {
        if (!temporalOut) {
            cluster().temporalServer().kill();
            temporalOut = true;
        }
    }

    void startTemporal() {
        if (temporalOut) {
            cluster().temporalServer().restart();
            temporalOut = false;
        }
    }

    void emptyTemporal() {
        stopTemporal();
        cluster().temporalServer().restartEmpty();
        temporalOut = false;
    }

    /** By hand, as an administrator may. */
    void terminateRun() {
        if (!temporalOut) {
            users.any().ifPresent(wish -> {
                try (TemporalConnection connection =
                        TemporalConnection.open(cluster().temporal())) {
                    connection
                            .client()
                            .newUntypedWorkflowStub("workspace/" + wish.namespace + "/" + wish.name + "/" + wish.uid)
                            .terminate("by hand");
                    diary.note("terminated " + wish);
                } catch (WorkflowNotFoundException notStartedYet) {
                    diary.note("nothing to terminate of " + wish);
                }
            });
        }
    }

    private Replica anyReplica() {
        return arena.replicas().get(random.nextInt(arena.replicas().size()));
    }

    private TestCluster cluster() {
        return arena.cluster();
    }
}
