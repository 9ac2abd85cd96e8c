@NullMarked
package io.kaitoflow.activities.tuning.batches;

import org.jspecify.annotations.NullMarked;
