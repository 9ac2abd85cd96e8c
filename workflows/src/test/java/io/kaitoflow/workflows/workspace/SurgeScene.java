package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.request.WorkspaceRequest;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.status.WorkspaceSnapshot;

/** A model that is served, and is to be served on while something about it changes. */
abstract class SurgeScene extends WorkspaceTest {

    void serve(WorkspaceRequest request) throws InterruptedException {
        begin(Samples.desired(1, request));
        awaitPhase(Phase.Serving.class);
        world.forgetCalls();
    }

    WorkspaceSnapshot awaitServing(String fingerprint) throws InterruptedException {
        return awaitSnapshot(told -> told.phase() instanceof Phase.Serving
                && told.fingerprint().equals(fingerprint)
                && !told.answersMeanwhile());
    }
}
