/** The choice between a registry and a folder of this machine. */
@NullMarked
package io.kaitoflow.activities.image.target;

import org.jspecify.annotations.NullMarked;
