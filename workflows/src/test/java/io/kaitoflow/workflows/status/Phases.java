package io.kaitoflow.workflows.status;

import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.failure.FailureKind;
import java.util.List;

/** One phase of each kind, in the order in which they are declared. */
public final class Phases {

    private static final Failure FULL = new Failure(FailureKind.DISK_FULL, "Nothing more fits into /runs.");

    private Phases() {}

    /** All kinds; a kind that is missing here fails {@link PhaseDiagramTest}. */
    public static List<Phase> ofEveryKind() {
        return List.of(
                new Phase.Accepted(),
                new Phase.Preflight(),
                new Phase.Provisioning("Standard_NC24ads_A100_v4", "A machine is claimed."),
                new Phase.Queued(
                        "Standard_NC24ads_A100_v4",
                        "place 3 of 5",
                        "Waits for its turn: place 3 of 5 in namespace team-a, which uses 8 of 8 GPUs; held by a, b."),
                new Phase.Fetching(),
                new Phase.Tuning(2),
                new Phase.Evaluating(),
                new Phase.Publishing(),
                new Phase.RollingOut(),
                new Phase.Serving(),
                new Phase.Completed(),
                new Phase.Paused("A person asked for it."),
                new Phase.Failed(FULL),
                new Phase.Cancelled("A person asked for it."),
                new Phase.Releasing(),
                new Phase.Released());
    }
}
