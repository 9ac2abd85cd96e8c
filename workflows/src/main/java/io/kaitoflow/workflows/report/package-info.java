/** The report of a training: what a run knows of the way to its result, and the step that attaches the report to it. */
@NullMarked
package io.kaitoflow.workflows.report;

import org.jspecify.annotations.NullMarked;
