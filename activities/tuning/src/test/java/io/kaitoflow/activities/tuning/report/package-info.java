/** Tests of the training report. */
@NullMarked
package io.kaitoflow.activities.tuning.report;

import org.jspecify.annotations.NullMarked;
