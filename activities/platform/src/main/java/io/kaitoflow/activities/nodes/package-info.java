/** Machines: the port through which any provider leases them. */
@NullMarked
package io.kaitoflow.activities.nodes;

import org.jspecify.annotations.NullMarked;
