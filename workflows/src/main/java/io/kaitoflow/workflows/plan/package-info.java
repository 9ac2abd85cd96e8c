/** What will be done for a request, decided once from the catalogue and kept in history. */
@NullMarked
package io.kaitoflow.workflows.plan;

import org.jspecify.annotations.NullMarked;
