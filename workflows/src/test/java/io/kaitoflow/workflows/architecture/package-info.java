/** What the workflow code may touch, so that a history replays to the same commands. */
@NullMarked
package io.kaitoflow.workflows.architecture;

import org.jspecify.annotations.NullMarked;
