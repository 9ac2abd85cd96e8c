package io.kaitoflow.workflows.request;

/**
 * A workspace as a user wrote it, translated and checked, without a trace of Kubernetes.
 *
 * @param id whose request this is
 * @param goal tune, serve or both
 * @param machines where it may run
 * @param terms money, gates and release
 */
public record WorkspaceRequest(WorkspaceId id, WorkspaceGoal goal, MachineRequest machines, Terms terms) {}
