/** Random numbers that follow from what they are for, so that a resumed run sees the same ones. */
@NullMarked
package io.kaitoflow.activities.tuning.random;

import org.jspecify.annotations.NullMarked;
