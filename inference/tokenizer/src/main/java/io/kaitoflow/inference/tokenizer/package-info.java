/** Text to token ids and back, chat templates, and what a model's folder holds. */
@NullMarked
package io.kaitoflow.inference.tokenizer;

import org.jspecify.annotations.NullMarked;
