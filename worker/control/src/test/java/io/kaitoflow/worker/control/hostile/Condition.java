package io.kaitoflow.worker.control.hostile;

import java.time.Duration;
import java.util.function.Consumer;

/** What a run may meet, and how it comes about. */
enum Condition {
    CREATED(run -> run.users().create()),
    EDITED(run -> run.users().edit()),
    EDITED_AGAIN(run -> run.users().edit()),
    DELETED(run -> run.users().delete()),
    REPLACED_BY_A_NAMESAKE(run -> run.users().replace()),
    NAMESPACE_DELETED(run -> run.users().deleteNamespace()),
    WATCHES_CUT(run -> run.arena().proxy().cutWatches()),
    API_SERVER_RESTARTED(run -> run.servers().restartApiServer()),
    REPLICA_RESTARTED(run -> run.servers().restartReplica()),
    REPLICA_STOPPED(run -> run.servers().stopReplica()),
    REPLICA_KILLED(run -> run.servers().killReplica()),
    TEMPORAL_OUT(run -> run.servers().stopTemporal()),
    TEMPORAL_BACK(run -> run.servers().startTemporal()),
    TEMPORAL_EMPTIED(run -> run.servers().emptyTemporal()),
    RUN_TERMINATED(run -> run.servers().terminateRun()),
    CLOCK_SET_BACK(run -> run.arena().setClocks(Duration.ofHours(-1)));

    private final Consumer<HostileRun> deed;

    Condition(Consumer<HostileRun> deed) {
        this.deed = deed;
    }

    void happen(HostileRun run) {
        deed.accept(run);
    }
}
