/** Tuner and server as pods on leased nodes. */
@NullMarked
package io.kaitoflow.activities.rollout.cluster;

import org.jspecify.annotations.NullMarked;
