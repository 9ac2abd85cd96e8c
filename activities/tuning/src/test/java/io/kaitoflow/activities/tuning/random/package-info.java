@NullMarked
package io.kaitoflow.activities.tuning.random;

import org.jspecify.annotations.NullMarked;
