/** KAITO's {@code training_config.yaml}: every key is honoured, refused by name, or accepted and said. */
@NullMarked
package io.kaitoflow.bridge.training;

import org.jspecify.annotations.NullMarked;
