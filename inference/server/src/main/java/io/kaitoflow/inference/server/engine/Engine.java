package io.kaitoflow.inference.server.engine;

import io.kaitoflow.inference.adapter.NamedAdapters;
import io.kaitoflow.inference.sampling.TokenGenerator;

/**
 * What makes tokens.
 *
 * @param adapters that requests may name
 * @param context tokens of prompt and reply together
 */
record Engine(TokenGenerator generator, NamedAdapters adapters, int context) {}
