package io.kaitoflow.activities.nodes.quota;

import io.kaitoflow.activities.preflight.MachineTrial;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.preflight.Finding;
import io.kaitoflow.workflows.preflight.Finding.Severity;
import io.kaitoflow.workflows.preflight.PreflightActivities.Input;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Refuses what could wait for ever: when each kind of machine that the request may use is more than its namespace may hold.
 *
 * @param caps of namespaces
 */
public record CapTrial(Caps caps) implements MachineTrial {

    @Override
    public List<Finding> check(Input input) {
        List<Optional<String>> objections = input.plan().machines().stream()
                .map(option -> objection(input, counted(input, option)))
                .toList();
        return objections.stream().allMatch(Optional::isPresent)
                ? List.of(new Finding(
                        Severity.REFUSAL,
                        FailureKind.OVER_CAP,
                        "resource.instanceType",
                        objections.stream().flatMap(Optional::stream).distinct().collect(Collectors.joining(" "))))
                : List.of();
    }

    /** The user's own nodes are counted as those that are there. */
    private static MachineOption counted(Input input, MachineOption option) {
        return input.plan()
                .expected()
                .filter(found -> option.owned())
                .map(found -> option.exactly(found.gpus()))
                .orElse(option);
    }

    private Optional<String> objection(Input input, MachineOption option) {
        NodeRequest wanted =
                new NodeRequest(input.request().id(), option, input.request().machines(), 0);
        return caps.objection(wanted, Amount.NONE);
    }
}
