package io.kaitoflow.worker.cli;

import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.failure.FailureKind;
import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.util.List;
import java.util.Optional;

/** Workspaces as the workflow would tell of them. */
public final class Snapshots {

    private Snapshots() {}

    public static WorkspaceSnapshot serving(String name, String url) {
        return snapshot(name, new Phase.Serving(), Optional.of(new Endpoint(url, name)));
    }

    public static WorkspaceSnapshot failed(String name, String sentence) {
        return snapshot(name, new Phase.Failed(new Failure(FailureKind.DATASET_INVALID, sentence)), Optional.empty());
    }

    private static WorkspaceSnapshot snapshot(String name, Phase phase, Optional<Endpoint> endpoint) {
        return WorkspaceSnapshot.builder(new WorkspaceId("default", name, "uid-of-" + name), "fingerprint", phase)
                .nodes(List.of("this machine"))
                .endpoint(endpoint)
                .build();
    }
}
