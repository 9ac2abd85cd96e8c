/** Arithmetic on weights as they lie in the file: one row of a matrix against some inputs, in vectors or plain loops. */
@NullMarked
package io.kaitoflow.inference.decode.kernel;

import org.jspecify.annotations.NullMarked;
