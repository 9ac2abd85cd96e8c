/** What it means to answer: the port to a model, one reply as an ordered stream, and the limits around it; no HTTP. */
@NullMarked
package io.kaitoflow.inference.server.chat;

import org.jspecify.annotations.NullMarked;
