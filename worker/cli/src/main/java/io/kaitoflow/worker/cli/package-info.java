/** The {@code kaitoflow} command: the whole product on one machine, and the only room that sees all others. */
@NullMarked
package io.kaitoflow.worker.cli;

import org.jspecify.annotations.NullMarked;
