package io.kaitoflow.bridge.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.kaitoflow.bridge.api.WorkspaceStatus;

/** Finds conditions by their types. */
final class Conditions {

    private Conditions() {}

    static Condition of(WorkspaceStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }
}
