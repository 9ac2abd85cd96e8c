/** Payloads that a Temporal server keeps without being able to read them, and how people read them all the same. */
@NullMarked
package io.kaitoflow.temporal.codec;

import org.jspecify.annotations.NullMarked;
