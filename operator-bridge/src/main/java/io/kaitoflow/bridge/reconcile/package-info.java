/** From an object in the cluster to a wish told to its workflow: translate, signal, return. */
@NullMarked
package io.kaitoflow.bridge.reconcile;

import org.jspecify.annotations.NullMarked;
