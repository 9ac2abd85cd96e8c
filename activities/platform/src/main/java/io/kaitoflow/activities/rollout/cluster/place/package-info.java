/** Where pods run that need no machine of their own. */
@NullMarked
package io.kaitoflow.activities.rollout.cluster.place;

import org.jspecify.annotations.NullMarked;
