/** What is checked before any node is bought. */
@NullMarked
package io.kaitoflow.workflows.preflight;

import org.jspecify.annotations.NullMarked;
