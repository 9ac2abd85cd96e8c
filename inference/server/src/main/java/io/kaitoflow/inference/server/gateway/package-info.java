/** KAITO's own call before somebody else's OpenAI server; everything else goes through as it came. */
@NullMarked
package io.kaitoflow.inference.server.gateway;

import org.jspecify.annotations.NullMarked;
