/** The files of helm/examples: none may rot. */
@NullMarked
package io.kaitoflow.bridge.examples;

import org.jspecify.annotations.NullMarked;
