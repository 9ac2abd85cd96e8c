/** What a person sees and types: progress, tables, exit statuses, Ctrl-C. */
@NullMarked
package io.kaitoflow.worker.cli.terminal;

import org.jspecify.annotations.NullMarked;
