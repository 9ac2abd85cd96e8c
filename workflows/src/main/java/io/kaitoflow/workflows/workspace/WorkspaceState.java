package io.kaitoflow.workflows.workspace;

import io.kaitoflow.workflows.request.DesiredState;
import io.kaitoflow.workflows.status.Phase;
import io.kaitoflow.workflows.workspace.ledger.Ledger;
import io.kaitoflow.workflows.workspace.wish.Orders;

/**
 * Everything a run knows; travels from run to run at continue-as-new.
 *
 * @param desired newest wish
 * @param orders verbs in effect
 * @param phase how far
 * @param settled signature of the wish for which that phase is final
 * @param ledger results of steps and what is to be given back
 */
public record WorkspaceState(DesiredState desired, Orders orders, Phase phase, String settled, Ledger ledger) {}
