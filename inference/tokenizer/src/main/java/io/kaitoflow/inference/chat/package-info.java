/** Chat messages to prompt text by a model's own Jinja template, which is treated as untrusted input. */
@NullMarked
package io.kaitoflow.inference.chat;

import org.jspecify.annotations.NullMarked;
