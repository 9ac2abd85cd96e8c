/**
 * Steps on an NVIDIA GPU: matrices in bfloat16, keys and values in shared pages, kernels of our own in one CUDA C program and
 * cuBLAS for many rows. It needs no PyTorch.
 */
@NullMarked
package io.kaitoflow.inference.decode.cuda;

import org.jspecify.annotations.NullMarked;
