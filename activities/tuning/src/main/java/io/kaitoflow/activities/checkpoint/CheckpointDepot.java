package io.kaitoflow.activities.checkpoint;

import java.nio.file.Path;
import java.util.List;

/**
 * A place that outlives this machine and keeps the newest checkpoints of one run. Every call takes as long as it takes, and fails with
 * {@link CheckpointException.Unreachable}.
 */
public interface CheckpointDepot {

    /** Steps of the checkpoints that are there, newest first. */
    List<Long> steps();

    /** Writes the files of a checkpoint into an empty folder; whether they are whole is for others to find out. */
    void fetch(long step, Path folder);

    /** Puts a checkpoint there, whole or not at all, and forgets all but the newest two. */
    void store(Checkpoint checkpoint);

    /** There is no such place. */
    static CheckpointDepot none() {
        return new CheckpointDepot() {
            @Override
            public List<Long> steps() {
                return List.of();
            }

            @Override
            public void fetch(long step, Path folder) {
                throw new IllegalStateException("Nothing is here to be fetched");
            }

            @Override
            public void store(Checkpoint checkpoint) {
                // Its machine has it.
            }
        };
    }
}
