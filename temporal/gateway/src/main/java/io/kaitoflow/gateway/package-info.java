/** Stands between tuners, which nobody trusts, and Temporal: each may work on its own queue and do nothing else. */
@NullMarked
package io.kaitoflow.gateway;

import org.jspecify.annotations.NullMarked;
