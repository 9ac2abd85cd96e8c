/** The model under the adapters, which no step changes: read once from its files and kept in NF4 or in the compute type. */
@NullMarked
package io.kaitoflow.activities.tuning.base;

import org.jspecify.annotations.NullMarked;
