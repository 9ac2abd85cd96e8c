package io.kaitoflow.inference.server.adapters;

import org.jspecify.annotations.Nullable;

/**
 * What became of the newest list of adapters.
 *
 * @param revision of that list; empty where no list is followed, or before the model is there
 * @param refusal why it is not what is served; what was served before still is
 */
public record AdapterStanding(String revision, @Nullable String refusal) {

    static final AdapterStanding NONE = new AdapterStanding("", null);
}
