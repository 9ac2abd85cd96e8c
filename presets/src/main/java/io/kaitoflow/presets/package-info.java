/** What is known before anything runs: models, GPUs, prices, and how much memory a job needs. */
@NullMarked
package io.kaitoflow.presets;

import org.jspecify.annotations.NullMarked;
