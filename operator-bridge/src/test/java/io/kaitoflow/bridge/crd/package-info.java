/** The custom resource definition, generated from the classes of {@code bridge.api}. */
@NullMarked
package io.kaitoflow.bridge.crd;

import org.jspecify.annotations.NullMarked;
