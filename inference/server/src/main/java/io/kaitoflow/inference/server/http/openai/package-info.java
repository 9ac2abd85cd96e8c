/** OpenAI's completions: bodies in, whole replies and streams out. */
@NullMarked
package io.kaitoflow.inference.server.http.openai;

import org.jspecify.annotations.NullMarked;
