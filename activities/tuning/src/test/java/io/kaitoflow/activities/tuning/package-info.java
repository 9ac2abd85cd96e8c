@NullMarked
package io.kaitoflow.activities.tuning;

import org.jspecify.annotations.NullMarked;
