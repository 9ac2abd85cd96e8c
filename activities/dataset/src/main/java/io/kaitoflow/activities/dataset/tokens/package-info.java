/** Turns rows into token ids with a mark on the learnt ones, and keeps them where the trainer reads without parsing. */
@NullMarked
package io.kaitoflow.activities.dataset.tokens;

import org.jspecify.annotations.NullMarked;
