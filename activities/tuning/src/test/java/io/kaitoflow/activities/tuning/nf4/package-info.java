@NullMarked
package io.kaitoflow.activities.tuning.nf4;

import org.jspecify.annotations.NullMarked;
