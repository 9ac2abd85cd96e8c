/** Training of low-rank adapters over frozen weights: the loop, the optimiser, the adapter's layout and its files. */
@NullMarked
package io.kaitoflow.activities.tuning.qlora;

import org.jspecify.annotations.NullMarked;
