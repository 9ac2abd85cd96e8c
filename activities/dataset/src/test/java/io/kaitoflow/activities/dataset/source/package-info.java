/** Fetching data files. */
@NullMarked
package io.kaitoflow.activities.dataset.source;

import org.jspecify.annotations.NullMarked;
