/** The custom resource as users write it and see it: group {@code kaito.sh}, kind {@code Workspace}. */
@NullMarked
package io.kaitoflow.bridge.api;

import org.jspecify.annotations.NullMarked;
