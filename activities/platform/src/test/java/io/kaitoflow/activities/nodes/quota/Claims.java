package io.kaitoflow.activities.nodes.quota;

import io.kaitoflow.presets.ByteSize;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.plan.MachineOption;
import io.kaitoflow.workflows.request.MachineRequest;
import io.kaitoflow.workflows.request.WorkspaceId;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Claims and caps as tests need them. */
final class Claims {

    static final String TEAM = "team-a";

    private Claims() {}

    /** The first claim of a workspace; each GPU costs $3.67 an hour. */
    static NodeRequest claim(String name, int gpus) {
        return claim(name, gpus, 1);
    }

    static NodeRequest claim(String name, int gpus, int number) {
        BigDecimal price = new BigDecimal("3.67").multiply(BigDecimal.valueOf(gpus));
        return claim(TEAM, name, new MachineOption("sku-" + gpus, gpus, memory(), Optional.of(price), false), number);
    }

    /** A claim on a machine whose price nobody knows. */
    static NodeRequest unpriced(String name, String kind) {
        return claim(TEAM, name, new MachineOption(kind, 1, memory(), Optional.empty(), false), 1);
    }

    static NodeRequest in(String namespace, NodeRequest claim) {
        return claim(namespace, claim.id().name(), claim.option(), claim.number());
    }

    private static NodeRequest claim(String namespace, String name, MachineOption option, int number) {
        return new NodeRequest(
                new WorkspaceId(namespace, name, "uid-" + name),
                option,
                new MachineRequest(List.of(), 1, Map.of("apps", "test"), List.of(), false),
                number);
    }

    static Cap gpus(int most) {
        return new Cap(OptionalInt.of(most), Optional.empty(), Optional.empty());
    }

    static Cap usd(String most) {
        return new Cap(OptionalInt.empty(), Optional.of(new BigDecimal(most)), Optional.empty());
    }

    static Cap usdPerMonth(String most) {
        return new Cap(OptionalInt.empty(), Optional.empty(), Optional.of(new BigDecimal(most)));
    }

    /** A claim on a node that costs nothing more. */
    static NodeRequest own(String name) {
        return unpriced(name, MachineOption.OWN);
    }

    private static ByteSize memory() {
        return ByteSize.ofGibibytes(80);
    }
}
