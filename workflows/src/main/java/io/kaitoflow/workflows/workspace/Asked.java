package io.kaitoflow.workflows.workspace;

import java.time.Instant;

/**
 * Something owed that was asked for and is not gone.
 *
 * @param since when it was asked for first
 * @param answer what was said to that last
 */
record Asked(Undo undo, Instant since, String answer) {}
