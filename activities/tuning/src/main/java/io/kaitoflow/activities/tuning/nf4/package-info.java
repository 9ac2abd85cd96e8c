/** The 4-bit form of frozen weights: NormalFloat codes in blocks of 64, block scales quantised once more. */
@NullMarked
package io.kaitoflow.activities.tuning.nf4;

import org.jspecify.annotations.NullMarked;
