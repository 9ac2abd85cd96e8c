/** YAML text, read as kubectl reads it. */
@NullMarked
package io.kaitoflow.bridge.yaml;

import org.jspecify.annotations.NullMarked;
