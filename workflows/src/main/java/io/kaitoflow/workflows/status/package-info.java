/** What the outside may know about a workspace: its phase and a snapshot. */
@NullMarked
package io.kaitoflow.workflows.status;

import org.jspecify.annotations.NullMarked;
