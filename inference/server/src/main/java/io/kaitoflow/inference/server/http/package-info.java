/** The endpoints: strict bodies in, KAITO's and OpenAI's shapes out, tokens as server-sent events. */
@NullMarked
package io.kaitoflow.inference.server.http;

import org.jspecify.annotations.NullMarked;
