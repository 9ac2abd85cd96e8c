/** The process that serves one model with its adapters over HTTP: its command line, its life from start to drain. */
@NullMarked
package io.kaitoflow.inference.server;

import org.jspecify.annotations.NullMarked;
