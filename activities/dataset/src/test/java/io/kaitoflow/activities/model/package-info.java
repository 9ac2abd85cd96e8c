/** Fetching models from a hub in this JVM and from a pip written for the purpose. */
@NullMarked
package io.kaitoflow.activities.model;

import org.jspecify.annotations.NullMarked;
