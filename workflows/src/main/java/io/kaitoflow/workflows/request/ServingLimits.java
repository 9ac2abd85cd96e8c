package io.kaitoflow.workflows.request;

import java.util.OptionalInt;

/**
 * How much a server takes on; what is empty is the server's own choice.
 *
 * @param context tokens that prompt and reply may have together
 * @param replies that are made at the same time
 * @param queue requests that may wait for a place
 */
public record ServingLimits(OptionalInt context, OptionalInt replies, OptionalInt queue) {

    /** The server chooses all of it. */
    public static ServingLimits none() {
        return new ServingLimits(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());
    }

    /** Whether anything was asked for. */
    public boolean any() {
        return !equals(none());
    }
}
