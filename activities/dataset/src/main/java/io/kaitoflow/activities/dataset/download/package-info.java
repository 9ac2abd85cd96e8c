/** Gets a file by http(s): guarded addresses, resumed, retried, bounded, and never half a file under its final name. */
@NullMarked
package io.kaitoflow.activities.dataset.download;

import org.jspecify.annotations.NullMarked;
