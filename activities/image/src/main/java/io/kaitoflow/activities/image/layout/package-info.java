/** Images in an OCI image layout folder: the place for adapters where no registry answers. */
@NullMarked
package io.kaitoflow.activities.image.layout;

import org.jspecify.annotations.NullMarked;
