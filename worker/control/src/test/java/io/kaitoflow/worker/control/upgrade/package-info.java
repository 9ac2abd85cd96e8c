/** Open runs in every phase while the control plane's replicas are replaced one after the other. */
@NullMarked
package io.kaitoflow.worker.control.upgrade;

import org.jspecify.annotations.NullMarked;
