/** Where data files come from: URLs, volumes and images. */
@NullMarked
package io.kaitoflow.activities.dataset.source;

import org.jspecify.annotations.NullMarked;
