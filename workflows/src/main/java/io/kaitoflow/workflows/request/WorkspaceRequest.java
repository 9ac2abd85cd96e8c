package io.kaitoflow.workflows.request;

import java.util.Objects;

/**
 * A workspace as a user wrote it, translated and checked, without a trace of Kubernetes.
 *
 * @param id whose request this is
 * @param goal tune, serve or both
 * @param machines where it may run
 * @param terms money, gates and release
 * @param serving how its server is reached and watched
 */
public record WorkspaceRequest(
        WorkspaceId id, WorkspaceGoal goal, MachineRequest machines, Terms terms, ServingTerms serving) {

    public WorkspaceRequest {
        // Absent from wishes of earlier releases.
        serving = Objects.requireNonNullElseGet(serving, ServingTerms::plain);
    }

    /** Served without anything special. */
    public WorkspaceRequest(WorkspaceId id, WorkspaceGoal goal, MachineRequest machines, Terms terms) {
        this(id, goal, machines, terms, ServingTerms.plain());
    }
}
