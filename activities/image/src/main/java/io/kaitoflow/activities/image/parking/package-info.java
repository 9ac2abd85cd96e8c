/** An adapter that could not be pushed, on its way from the leased machine to a volume, and there. */
@NullMarked
package io.kaitoflow.activities.image.parking;

import org.jspecify.annotations.NullMarked;
