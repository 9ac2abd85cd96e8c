/** The process on the leased machine: it fetches, trains, evaluates and pushes for one workspace. */
@NullMarked
package io.kaitoflow.worker.tuner;

import org.jspecify.annotations.NullMarked;
