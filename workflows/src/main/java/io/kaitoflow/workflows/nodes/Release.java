package io.kaitoflow.workflows.nodes;

import com.fasterxml.jackson.annotation.JsonCreator;

/**
 * What became of a claim that is given back.
 *
 * @param gone whether the provider has nothing of it left
 * @param answer what the provider says about what is left; empty when nothing is
 */
public record Release(boolean gone, String answer) {

    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    public Release {}

    /** The answer as histories from before there were words hold it. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Release of(boolean gone) {
        return new Release(gone, "");
    }
}
