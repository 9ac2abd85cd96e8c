package io.kaitoflow.activities.nodes;

import io.kaitoflow.workflows.nodes.NodeRequest;

/**
 * How much a claim is.
 *
 * @param request for as many devices as are counted, no more and no fewer
 * @param taken whether it has them already
 */
public record Extent(NodeRequest request, boolean taken) {}
