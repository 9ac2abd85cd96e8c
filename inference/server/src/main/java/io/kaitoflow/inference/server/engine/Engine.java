package io.kaitoflow.inference.server.engine;

import io.kaitoflow.inference.adapter.LoraAdapter;
import io.kaitoflow.inference.sampling.TokenGenerator;

/**
 * What makes tokens.
 *
 * @param adapters that requests may name
 * @param context tokens of prompt and reply together
 */
record Engine(TokenGenerator generator, Adapters adapters, int context) {

    /** Adapters that come and go. */
    interface Adapters {

        /** Gives the adapter the name at once, whoever had it. */
        void load(String name, LoraAdapter adapter);

        void unload(String name);
    }
}
