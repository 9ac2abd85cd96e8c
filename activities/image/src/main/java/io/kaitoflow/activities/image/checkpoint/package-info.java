/** Checkpoints of a training as images beside the one that it is to become. */
@NullMarked
package io.kaitoflow.activities.image.checkpoint;

import org.jspecify.annotations.NullMarked;
