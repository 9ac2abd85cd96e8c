/** The control plane under everything that networks, servers and people do to it, by a seeded plan. */
@NullMarked
package io.kaitoflow.worker.control.hostile;

import org.jspecify.annotations.NullMarked;
