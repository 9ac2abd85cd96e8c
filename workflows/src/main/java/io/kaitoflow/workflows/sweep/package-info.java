/** Finds machines that nobody wants any more, and gives them back. */
@NullMarked
package io.kaitoflow.workflows.sweep;

import org.jspecify.annotations.NullMarked;
