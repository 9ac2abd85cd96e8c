package io.kaitoflow.workflows.workspace.ledger;

import java.time.Instant;

/**
 * Something owed that was asked for and is not gone.
 *
 * @param since when it was asked for first
 * @param answer what was said to that last
 */
public record Asked(Undo undo, Instant since, String answer) {}
