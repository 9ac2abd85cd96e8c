@NullMarked
package io.kaitoflow.activities.tuning.optimiser;

import org.jspecify.annotations.NullMarked;
