/** The maths of a fine-tuning step: one block forward and backward with adapters, and the loss of the head. */
@NullMarked
package io.kaitoflow.inference.training;

import org.jspecify.annotations.NullMarked;
