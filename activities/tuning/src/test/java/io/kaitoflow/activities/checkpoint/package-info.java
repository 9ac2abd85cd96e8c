@NullMarked
package io.kaitoflow.activities.checkpoint;

import org.jspecify.annotations.NullMarked;
