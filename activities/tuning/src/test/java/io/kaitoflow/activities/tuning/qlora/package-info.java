@NullMarked
package io.kaitoflow.activities.tuning.qlora;

import org.jspecify.annotations.NullMarked;
