package io.kaitoflow.activities.nodes;

import io.kaitoflow.activities.nodes.azure.UnreliableAzure;
import io.kaitoflow.activities.nodes.byo.UnreliableOwnNodes;
import io.kaitoflow.activities.nodes.karpenter.UnreliableKarpenter;
import io.kaitoflow.testcluster.ApiServer;
import io.kaitoflow.testcluster.Karpenter;
import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongFunction;

/** Runs seeds of {@link FaultRun} against every provider and says what was wrong. */
public final class FaultRuns {

    private static final PrintStream OUT = System.out;

    private FaultRuns() {}

    /** @param arguments how many seeds, the first, and of which provider; all unless one is named */
    public static void main(String[] arguments) {
        long seeds = arguments.length > 0 ? Long.parseLong(arguments[0]) : 300;
        long first = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
        long wrong;
        // The server is gone before this process is.
        try (ApiServer server = ApiServer.start()) {
            server.define(Karpenter.nodeClaims(), "nodeclaims.karpenter.sh");
            Map<String, LongFunction<UnreliableProvider>> providers = new TreeMap<>(Map.of(
                    "azure", seed -> new UnreliableAzure(),
                    "own nodes", seed -> new UnreliableOwnNodes(server.client(), server.newNamespace()),
                    "karpenter", seed -> new UnreliableKarpenter(server.client(), "faults-" + seed)));
            wrong = providers.entrySet().stream()
                    .filter(each -> arguments.length <= 2 || each.getKey().equals(arguments[2]))
                    .mapToLong(each -> run(each.getKey(), each.getValue(), first, seeds))
                    .sum();
        }
        OUT.println(wrong == 0 ? "Nothing was left, and nothing was there unowed" : wrong + " seeds went wrong");
        System.exit(wrong == 0 ? 0 : 1);
    }

    private static long run(String name, LongFunction<UnreliableProvider> providers, long first, long seeds) {
        long wrong = 0;
        for (long seed = first; seed < first + seeds; seed++) {
            try (UnreliableProvider provider = providers.apply(seed)) {
                Optional<String> what = FaultRun.of(seed, provider);
                what.ifPresent(said -> OUT.println(name + " " + said));
                wrong += what.isPresent() ? 1 : 0;
            }
        }
        OUT.println(name + ": " + seeds + " seeds from " + first + ", " + wrong + " wrong");
        return wrong;
    }
}
