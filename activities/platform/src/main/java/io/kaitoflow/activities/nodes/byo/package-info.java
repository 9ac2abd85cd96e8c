/** The user's own nodes: nothing is bought, a full set is reserved, one {@code coordination.k8s.io} Lease a node. */
@NullMarked
package io.kaitoflow.activities.nodes.byo;

import org.jspecify.annotations.NullMarked;
