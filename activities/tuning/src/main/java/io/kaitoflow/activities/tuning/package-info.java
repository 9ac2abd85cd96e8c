/** The tune and evaluate steps: they unpack the workflow's records and call the trainer. */
@NullMarked
package io.kaitoflow.activities.tuning;

import org.jspecify.annotations.NullMarked;
