/**
 * Products in machine code that is assembled when it is first needed, since the Vector API cannot name the processors' best
 * instructions: dot products of bytes and bfloat16 (AVX-512), products of pairs of 16-bit numbers (AVX2). Everything has a
 * portable twin in {@code decode.kernel}.
 */
@NullMarked
package io.kaitoflow.inference.decode.machine;

import org.jspecify.annotations.NullMarked;
