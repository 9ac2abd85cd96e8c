/** What people want now: the newest desired state, and the verbs on top of it. */
@NullMarked
package io.kaitoflow.workflows.workspace.wish;

import org.jspecify.annotations.NullMarked;
