package io.kaitoflow.worker.control;

import io.kaitoflow.workflows.nodes.NodeActivities;
import io.kaitoflow.workflows.parking.ParkingActivities;
import io.kaitoflow.workflows.plan.PlanActivities;
import io.kaitoflow.workflows.preflight.PreflightActivities;
import io.kaitoflow.workflows.rollout.RolloutActivities;
import io.kaitoflow.workflows.status.StatusActivities;
import io.kaitoflow.workflows.tuning.OutputActivities;

/**
 * The control plane's activities, one implementation each; local mode and the cluster differ only here.
 *
 * @param plan reads the catalogue
 * @param preflight looks before anything is bought
 * @param nodes claims machines
 * @param rollout starts tuner and server
 * @param parking keeps results that cannot be pushed
 * @param outputs looks after what was pushed
 * @param status shows snapshots to users
 */
public record ControlActivities(
        PlanActivities plan,
        PreflightActivities preflight,
        NodeActivities nodes,
        RolloutActivities rollout,
        ParkingActivities parking,
        OutputActivities outputs,
        StatusActivities status) {}
