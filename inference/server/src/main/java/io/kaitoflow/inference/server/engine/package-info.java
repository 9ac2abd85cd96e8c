/** The one implementation of the port to a model: the engine, its adapters and the tokenizer. */
@NullMarked
package io.kaitoflow.inference.server.engine;

import org.jspecify.annotations.NullMarked;
