/**
 * The one place that touches PyTorch: start-up, TorchScript written by Java, 16-bit floats, gradient mode, ownership; and the one
 * that touches NVIDIA's driver, with and without PyTorch.
 */
@NullMarked
package io.kaitoflow.inference.tensor;

import org.jspecify.annotations.NullMarked;
