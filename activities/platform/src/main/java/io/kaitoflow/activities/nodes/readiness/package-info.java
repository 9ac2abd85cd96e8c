/** What nodes say of themselves: whether they can take work, and which devices they have. */
@NullMarked
package io.kaitoflow.activities.nodes.readiness;

import org.jspecify.annotations.NullMarked;
