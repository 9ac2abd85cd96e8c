/** The one workflow per workspace: its messages, its state and its order of steps. */
@NullMarked
package io.kaitoflow.workflows.workspace;

import org.jspecify.annotations.NullMarked;
