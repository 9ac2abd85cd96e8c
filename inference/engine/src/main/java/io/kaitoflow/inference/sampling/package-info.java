/** From logits to replies: choosing tokens, and serving many requests in one batch. */
@NullMarked
package io.kaitoflow.inference.sampling;

import org.jspecify.annotations.NullMarked;
