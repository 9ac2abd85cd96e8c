/** Tuner and server: the port through which they are started and stopped. */
@NullMarked
package io.kaitoflow.activities.rollout;

import org.jspecify.annotations.NullMarked;
