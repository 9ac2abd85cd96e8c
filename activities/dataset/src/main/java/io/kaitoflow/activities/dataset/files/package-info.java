/** Digests of large files, and for folders what the file API does for files. */
@NullMarked
package io.kaitoflow.activities.dataset.files;

import org.jspecify.annotations.NullMarked;
