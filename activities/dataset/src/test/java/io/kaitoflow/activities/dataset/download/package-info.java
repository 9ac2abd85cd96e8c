/** Downloads against a real server in this JVM. */
@NullMarked
package io.kaitoflow.activities.dataset.download;

import org.jspecify.annotations.NullMarked;
