/** YAML files in the place of the API server: read as strictly as it would, every mistake named with its place. */
@NullMarked
package io.kaitoflow.bridge.manifest;

import org.jspecify.annotations.NullMarked;
