/** What is wrong with what a user wrote: path, value, rule, cure. */
@NullMarked
package io.kaitoflow.bridge.refusal;

import org.jspecify.annotations.NullMarked;
