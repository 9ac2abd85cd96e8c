/** Reading rows, good and bad. */
@NullMarked
package io.kaitoflow.activities.dataset.rows;

import org.jspecify.annotations.NullMarked;
