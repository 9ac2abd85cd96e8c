/** Programs that are run by hand to measure this product, alone and beside others. */
@NullMarked
package io.kaitoflow.inference.bench;

import org.jspecify.annotations.NullMarked;
