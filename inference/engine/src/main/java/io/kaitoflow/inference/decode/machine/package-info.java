/**
 * Products in machine code that is assembled when it is first needed, for processors whose best instructions (AVX-512 with
 * 8-bit and bfloat16 dot products) the Vector API cannot name. Everything has a portable twin in {@code decode.kernel}.
 */
@NullMarked
package io.kaitoflow.inference.decode.machine;

import org.jspecify.annotations.NullMarked;
