/** The steps that run on the leased machine: fetch, tune, evaluate, push. */
@NullMarked
package io.kaitoflow.workflows.tuning;

import org.jspecify.annotations.NullMarked;
