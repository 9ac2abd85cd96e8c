/** A tuned model in files that other programs read: merged weights as safetensors or GGUF, or the adapter alone as GGUF. */
@NullMarked
package io.kaitoflow.inference.export;

import org.jspecify.annotations.NullMarked;
