package io.kaitoflow.bridge.status;

import io.kaitoflow.presets.ImageReference;
import io.kaitoflow.workflows.failure.Failure;
import io.kaitoflow.workflows.request.AdapterReference;
import io.kaitoflow.workflows.request.SecretReference;
import io.kaitoflow.workflows.request.VolumeReference;
import io.kaitoflow.workflows.request.WorkspaceGoal;
import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.rollout.Endpoint;
import io.kaitoflow.workflows.rollout.ServedAdapter;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether the model answers: what the run said of it, unless its server is seen to be down; also while an edit is looked at or worked on
 * on a second machine, while its result is moved, and while a server that runs is given other adapters.
 *
 * @param view of the workspace
 */
record Answering(StatusView view) {

    boolean stillTrue(WorkspaceSnapshot snapshot) {
        return view.trouble().isEmpty() && expected(snapshot);
    }

    /** What keeps a server from answering that should. */
    Optional<Failure> trouble(WorkspaceSnapshot snapshot) {
        return view.trouble().filter(wrong -> expected(snapshot));
    }

    private boolean expected(WorkspaceSnapshot snapshot) {
        return meanwhile(snapshot) || inPhase(snapshot);
    }

    /** A second machine is worked with, and the first one serves until that is done. */
    private static boolean meanwhile(WorkspaceSnapshot snapshot) {
        return snapshot.answersMeanwhile() && snapshot.endpoint().isPresent();
    }

    private boolean inPhase(WorkspaceSnapshot snapshot) {
        return switch (snapshot.phase()) {
            case Phase.Serving _ -> true;
            case Phase.Accepted _, Phase.Preflight _, Phase.Publishing _ ->
                snapshot.endpoint().isPresent();
            case Phase.RollingOut _ ->
                snapshot.endpoint().filter(this::keepsItsPod).isPresent();
            default -> false;
        };
    }

    /**
     * Secrets and volumes are mounted when a pod is made, and limits are read then; adapters alone come and go, and of vLLM's not even
     * they.
     */
    private boolean keepsItsPod(Endpoint endpoint) {
        List<ServedAdapter> served = endpoint.adapters();
        return view.request()
                .filter(wanted -> !wanted.serving().byVllm())
                .map(WorkspaceRequest::goal)
                .filter(WorkspaceGoal.Serve.class::isInstance)
                .map(goal -> ((WorkspaceGoal.Serve) goal).adapters())
                .filter(wanted -> !served.stream()
                        .map(Answering::tag)
                        .toList()
                        .equals(wanted.stream().map(Answering::tag).toList()))
                .filter(wanted -> secrets(served.stream().map(ServedAdapter::pullSecrets))
                        .equals(secrets(wanted.stream().map(AdapterReference::pullSecrets))))
                .filter(wanted -> volumes(served.stream().map(ServedAdapter::volume))
                        .equals(volumes(wanted.stream().map(AdapterReference::volume))))
                .isPresent();
    }

    private static String tag(ServedAdapter adapter) {
        return tag(adapter.name(), adapter.image(), adapter.volume(), adapter.strength());
    }

    private static String tag(AdapterReference adapter) {
        return tag(adapter.name(), adapter.image(), adapter.volume(), adapter.strength());
    }

    private static String tag(
            String name, Optional<ImageReference> image, Optional<VolumeReference> volume, double strength) {
        return name + " " + image + " " + volume + " " + strength;
    }

    private static Set<VolumeReference> volumes(Stream<Optional<VolumeReference>> volumes) {
        return volumes.flatMap(Optional::stream).collect(Collectors.toSet());
    }

    private static Set<SecretReference> secrets(Stream<List<SecretReference>> secrets) {
        return secrets.flatMap(List::stream).collect(Collectors.toSet());
    }
}
