package io.kaitoflow.workflows.parking;

import io.kaitoflow.workflows.request.WorkspaceId;
import io.kaitoflow.workflows.tuning.Evaluation;
import io.kaitoflow.workflows.workspace.ledger.StepKey;

/**
 * What is written on a place about the result that lies there, for a run that remembers nothing.
 *
 * @param id whose
 * @param madeFrom key of its tuning
 * @param evaluation of it
 * @param result as it waits there
 */
public record Receipt(WorkspaceId id, StepKey madeFrom, Evaluation evaluation, ParkedAdapter result) {}
