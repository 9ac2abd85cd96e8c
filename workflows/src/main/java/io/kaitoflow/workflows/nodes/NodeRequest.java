package io.kaitoflow.workflows.nodes;

import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.request.MachineRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * A claim on machines. The same workspace and number always name the same claim, so a retry finds its own.
 *
 * @param id whose machines
 * @param option the kind that is tried now
 * @param machines count, labels and preferences
 * @param number of the lease within the workspace, from workflow state
 */
public record NodeRequest(WorkspaceId id, MachineOption option, MachineRequest machines, int number) {

    /** Price of all machines together, where it is known. */
    public Optional<BigDecimal> hourlyUsd() {
        return option.hourlyUsd().map(price -> price.multiply(BigDecimal.valueOf(machines.count())));
    }

    /** The same for nodes of the user's own with as many devices each. */
    public NodeRequest exactly(int devices) {
        return new NodeRequest(id, option.exactly(devices), machines, number);
    }

    /** As the run asked for it. */
    public NodeRequest asked() {
        return new NodeRequest(id, option.asked(), machines, number);
    }
}
