/** How a process of ours reaches Temporal: a given server, one started here, or one inside this process. */
@NullMarked
package io.kaitoflow.temporal;

import org.jspecify.annotations.NullMarked;
