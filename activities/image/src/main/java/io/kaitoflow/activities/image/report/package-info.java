/** Training reports beside the images that they tell of. */
@NullMarked
package io.kaitoflow.activities.image.report;

import org.jspecify.annotations.NullMarked;
