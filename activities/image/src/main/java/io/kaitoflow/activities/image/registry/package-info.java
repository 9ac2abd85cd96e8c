/** Images in a registry that speaks the OCI distribution specification. */
@NullMarked
package io.kaitoflow.activities.image.registry;

import org.jspecify.annotations.NullMarked;
