/** Which rows a step sees, in which order, and how they are laid together. */
@NullMarked
package io.kaitoflow.activities.tuning.batches;

import org.jspecify.annotations.NullMarked;
