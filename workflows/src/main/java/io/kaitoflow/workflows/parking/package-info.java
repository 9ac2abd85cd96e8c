/** A result that could not be pushed: where it is kept until it can be, without the machine that made it. */
@NullMarked
package io.kaitoflow.workflows.parking;

import org.jspecify.annotations.NullMarked;
