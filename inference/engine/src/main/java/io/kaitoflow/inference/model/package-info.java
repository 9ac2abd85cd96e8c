/** A decoder model as data: its configuration, weights, cache, and the forward pass. */
@NullMarked
package io.kaitoflow.inference.model;

import org.jspecify.annotations.NullMarked;
