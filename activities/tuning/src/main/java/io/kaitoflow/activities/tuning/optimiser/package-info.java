/** From gradients to the next adapter: norm, clipping, learning rate, AdamW. */
@NullMarked
package io.kaitoflow.activities.tuning.optimiser;

import org.jspecify.annotations.NullMarked;
