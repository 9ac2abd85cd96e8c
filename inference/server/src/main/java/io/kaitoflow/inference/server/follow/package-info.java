/** Looking at what changes while the server runs. */
@NullMarked
package io.kaitoflow.inference.server.follow;

import org.jspecify.annotations.NullMarked;
