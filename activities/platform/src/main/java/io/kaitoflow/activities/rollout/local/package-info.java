/** Tuner and server as child processes of this one. */
@NullMarked
package io.kaitoflow.activities.rollout.local;

import org.jspecify.annotations.NullMarked;
