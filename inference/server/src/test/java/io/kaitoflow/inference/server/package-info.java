/** The server over real HTTP, with a scripted model behind it. */
@NullMarked
package io.kaitoflow.inference.server;

import org.jspecify.annotations.NullMarked;
