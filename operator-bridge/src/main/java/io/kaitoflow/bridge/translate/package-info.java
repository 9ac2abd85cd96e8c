/** From what a user wrote to a request free of Kubernetes, or to the refusals that say how to mend it. Pure. */
@NullMarked
package io.kaitoflow.bridge.translate;

import org.jspecify.annotations.NullMarked;
