/** The port through which tuner and server processes are started and stopped. */
@NullMarked
package io.kaitoflow.workflows.rollout;

import org.jspecify.annotations.NullMarked;
