package io.kaitoflow.bridge.status;

import io.kaitoflow.workflows.request.AdapterReference;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.WorkspaceGoal;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether the model answers: also while an edit is looked at, and while a server that runs is given other adapters.
 *
 * @param view of the workspace
 */
record Answering(StatusView view) {

    boolean stillTrue(WorkspaceSnapshot snapshot) {
        return switch (snapshot.phase()) {
            case Phase.Serving _ -> true;
            case Phase.Accepted _, Phase.Preflight _ -> snapshot.endpoint().isPresent();
            case Phase.RollingOut _ ->
                snapshot.endpoint().filter(this::keepsItsPod).isPresent();
            default -> false;
        };
    }

    /** Secrets are mounted when a pod is made, and so are limits; adapters alone come and go. */
    private boolean keepsItsPod(Endpoint endpoint) {
        List<ServedAdapter> served = endpoint.adapters();
        return view.goal()
                .filter(WorkspaceGoal.Serve.class::isInstance)
                .map(goal -> ((WorkspaceGoal.Serve) goal).adapters())
                .filter(wanted -> !served.stream()
                        .map(Answering::tag)
                        .toList()
                        .equals(wanted.stream().map(Answering::tag).toList()))
                .filter(wanted -> secrets(served.stream().map(ServedAdapter::pullSecrets))
                        .equals(secrets(wanted.stream().map(AdapterReference::pullSecrets))))
                .isPresent();
    }

    private static String tag(ServedAdapter adapter) {
        return adapter.name() + " " + adapter.image() + " " + adapter.strength();
    }

    private static String tag(AdapterReference adapter) {
        return adapter.name() + " " + adapter.image() + " " + adapter.strength();
    }

    private static Set<SecretReference> secrets(Stream<List<SecretReference>> secrets) {
        return secrets.flatMap(List::stream).collect(Collectors.toSet());
    }
}
