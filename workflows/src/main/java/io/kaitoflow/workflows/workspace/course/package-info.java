/** What is to be done next: pure functions of the wish and of what is done. */
@NullMarked
package io.kaitoflow.workflows.workspace.course;

import org.jspecify.annotations.NullMarked;
