/** Tokenised rows, with an encoder of words. */
@NullMarked
package io.kaitoflow.activities.dataset.tokens;

import org.jspecify.annotations.NullMarked;
