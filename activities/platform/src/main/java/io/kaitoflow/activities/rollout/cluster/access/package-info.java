/** What a tuner's pod is given so that it is let in where it polls. */
@NullMarked
package io.kaitoflow.activities.rollout.cluster.access;

import org.jspecify.annotations.NullMarked;
