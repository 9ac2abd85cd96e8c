/** Adapters that come and go while the model serves, and who may make them. */
@NullMarked
package io.kaitoflow.inference.server.adapters;

import org.jspecify.annotations.NullMarked;
