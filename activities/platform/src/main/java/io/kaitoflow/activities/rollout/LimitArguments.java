package io.kaitoflow.activities.rollout;

import io.kaitoflow.workflows.request.ServingLimits;
import java.util.ArrayList;
import java.util.List;

/** A server's limits as it is told them. */
public final class LimitArguments {

    private LimitArguments() {}

    /** Nothing where the server chooses. */
    public static List<String> of(ServingLimits limits) {
        List<String> arguments = new ArrayList<>();
        limits.context().ifPresent(tokens -> arguments.add("--context=" + tokens));
        limits.replies().ifPresent(replies -> arguments.add("--slots=" + replies));
        limits.queue().ifPresent(waiting -> arguments.add("--queue=" + waiting));
        return arguments;
    }
}
