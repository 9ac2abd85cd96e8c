/** From the workflow's snapshot to the status that users see. Pure. */
@NullMarked
package io.kaitoflow.bridge.status;

import org.jspecify.annotations.NullMarked;
