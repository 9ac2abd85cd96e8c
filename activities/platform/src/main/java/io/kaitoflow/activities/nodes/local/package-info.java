/** This machine as a provider: one lease, for one workspace at a time. */
@NullMarked
package io.kaitoflow.activities.nodes.local;

import org.jspecify.annotations.NullMarked;
