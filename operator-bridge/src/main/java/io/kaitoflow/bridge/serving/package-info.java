/** What a Workspace says about how its model is served. */
@NullMarked
package io.kaitoflow.bridge.serving;

import org.jspecify.annotations.NullMarked;
