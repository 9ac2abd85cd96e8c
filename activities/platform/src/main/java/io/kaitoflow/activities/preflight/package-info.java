/** Plans a request and looks at everything it needs before anything is bought. */
@NullMarked
package io.kaitoflow.activities.preflight;

import org.jspecify.annotations.NullMarked;
