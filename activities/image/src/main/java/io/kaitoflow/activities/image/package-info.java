/** Adapter images: built, pushed, pulled back and unpacked, in a registry or in an OCI layout folder. */
@NullMarked
package io.kaitoflow.activities.image;

import org.jspecify.annotations.NullMarked;
