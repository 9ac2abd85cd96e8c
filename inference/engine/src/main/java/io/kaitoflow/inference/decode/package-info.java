/**
 * The forward pass for serving: weights computed as they lie in their file, tokens of many sequences in one step, keys and
 * values in shared pages. It needs no PyTorch.
 */
@NullMarked
package io.kaitoflow.inference.decode;

import org.jspecify.annotations.NullMarked;
