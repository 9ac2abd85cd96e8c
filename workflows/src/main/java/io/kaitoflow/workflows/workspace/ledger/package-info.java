/** What a run has done and what it owes, each result under the key of the inputs that made it. */
@NullMarked
package io.kaitoflow.workflows.workspace.ledger;

import org.jspecify.annotations.NullMarked;
