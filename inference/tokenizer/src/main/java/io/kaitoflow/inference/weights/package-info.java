/** Memory-mapped weight files: GGUF and safetensors in, exact float32 values out, safetensors written atomically. */
@NullMarked
package io.kaitoflow.inference.weights;

import org.jspecify.annotations.NullMarked;
