/** The port through which machines are claimed and given back. */
@NullMarked
package io.kaitoflow.workflows.nodes;

import org.jspecify.annotations.NullMarked;
