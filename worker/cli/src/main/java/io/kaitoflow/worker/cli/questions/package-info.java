/** Asking a served model, and scoring it beside its base. */
@NullMarked
package io.kaitoflow.worker.cli.questions;

import org.jspecify.annotations.NullMarked;
