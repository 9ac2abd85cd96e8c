package io.kaitoflow.workflows.workspace.ledger;

import io.kaitoflow.workflows.nodes.NodeLease;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.rollout.Endpoint;

/**
 * A server that goes on answering where it is, while its successor comes up on another machine.
 *
 * @param machine that it runs on
 * @param lease of that machine
 * @param endpoint of what answers, under the key that it was rolled out with
 */
public record Predecessor(NodeRequest machine, NodeLease lease, Keyed<Endpoint> endpoint) {}
