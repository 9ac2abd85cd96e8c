/** Checkpoints of a training run on disk: written whole or not at all, read back only when every byte is right. */
@NullMarked
package io.kaitoflow.activities.checkpoint;

import org.jspecify.annotations.NullMarked;
