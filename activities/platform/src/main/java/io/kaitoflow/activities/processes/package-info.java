/** Operating system processes that are known by more than their number. */
@NullMarked
package io.kaitoflow.activities.processes;

import org.jspecify.annotations.NullMarked;
