/** What the control plane tells Prometheus of itself. */
@NullMarked
package io.kaitoflow.worker.control.metrics;

import org.jspecify.annotations.NullMarked;
