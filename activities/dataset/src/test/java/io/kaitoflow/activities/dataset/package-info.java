/** The activity as a whole. */
@NullMarked
package io.kaitoflow.activities.dataset;

import org.jspecify.annotations.NullMarked;
