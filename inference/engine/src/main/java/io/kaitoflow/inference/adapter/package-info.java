/** LoRA adapters in PEFT's form: read, checked against a model, applied at run time without merging. */
@NullMarked
package io.kaitoflow.inference.adapter;

import org.jspecify.annotations.NullMarked;
