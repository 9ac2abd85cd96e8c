@NullMarked
package io.kaitoflow.activities.evaluation;

import org.jspecify.annotations.NullMarked;
