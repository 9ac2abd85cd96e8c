/** What goes wrong between a client and an API server, on purpose and by a plan. */
@NullMarked
package io.kaitoflow.testcluster.faults;

import org.jspecify.annotations.NullMarked;
