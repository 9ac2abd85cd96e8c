package io.kaitoflow.inference.server.engine;

import io.kaitoflow.inference.sampling.TokenGenerator;

/**
 * What makes tokens.
 *
 * @param context tokens of prompt and reply together
 */
record Engine(TokenGenerator generator, int context) {}
