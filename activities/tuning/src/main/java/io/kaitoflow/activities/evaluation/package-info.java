/** Whether tuning helped: the answer loss of held-out rows with and without the adapter. */
@NullMarked
package io.kaitoflow.activities.evaluation;

import org.jspecify.annotations.NullMarked;
