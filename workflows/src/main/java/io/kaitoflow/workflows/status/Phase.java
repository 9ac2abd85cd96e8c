package io.kaitoflow.workflows.status;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.kaitoflow.workflows.failure.Failure;

/** How far a workspace has come. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "name")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Phase.Accepted.class, name = "Accepted"),
    @JsonSubTypes.Type(value = Phase.Preflight.class, name = "Preflight"),
    @JsonSubTypes.Type(value = Phase.Provisioning.class, name = "Provisioning"),
    @JsonSubTypes.Type(value = Phase.Fetching.class, name = "Fetching"),
    @JsonSubTypes.Type(value = Phase.Tuning.class, name = "Tuning"),
    @JsonSubTypes.Type(value = Phase.Evaluating.class, name = "Evaluating"),
    @JsonSubTypes.Type(value = Phase.Publishing.class, name = "Publishing"),
    @JsonSubTypes.Type(value = Phase.RollingOut.class, name = "RollingOut"),
    @JsonSubTypes.Type(value = Phase.Serving.class, name = "Serving"),
    @JsonSubTypes.Type(value = Phase.Completed.class, name = "Completed"),
    @JsonSubTypes.Type(value = Phase.Paused.class, name = "Paused"),
    @JsonSubTypes.Type(value = Phase.Failed.class, name = "Failed"),
    @JsonSubTypes.Type(value = Phase.Cancelled.class, name = "Cancelled"),
    @JsonSubTypes.Type(value = Phase.Releasing.class, name = "Releasing"),
    @JsonSubTypes.Type(value = Phase.Released.class, name = "Released")
})
public sealed interface Phase {

    /** The name users see. */
    default String label() {
        return getClass().getSimpleName();
    }

    /** Whether nothing happens until someone says something. */
    default boolean waiting() {
        return switch (this) {
            case Serving _, Completed _, Paused _, Failed _, Cancelled _, Released _ -> true;
            case Accepted _, Preflight _, Provisioning _, Fetching _, Tuning _ -> false;
            case Evaluating _, Publishing _, RollingOut _, Releasing _ -> false;
        };
    }

    /** The wish arrived. */
    record Accepted() implements Phase {}

    /** Data, model, registry and memory are looked at. */
    record Preflight() implements Phase {}

    /** A machine is claimed; {@code reason} says what is waited for. */
    record Provisioning(String instanceType, String reason) implements Phase {}

    /** Model and data come to the machine. */
    record Fetching() implements Phase {}

    /** Steps are taken; {@code resumes} counts restarts from a checkpoint. */
    record Tuning(int resumes) implements Phase {}

    /** Base against tuned. */
    record Evaluating() implements Phase {}

    /** The adapter image is pushed. */
    record Publishing() implements Phase {}

    /** The server starts. */
    record RollingOut() implements Phase {}

    /** The model answers. */
    record Serving() implements Phase {}

    /** The adapter is pushed and nothing is to be served. */
    record Completed() implements Phase {}

    /** Stopped by a person or a budget; the work is kept. */
    record Paused(String reason) implements Phase {}

    /** Stopped by a failure; everything leased was given back. */
    record Failed(Failure failure) implements Phase {}

    /** Stopped for good by a person. */
    record Cancelled(String reason) implements Phase {}

    /** Everything is given back. */
    record Releasing() implements Phase {}

    /** Nothing is left. */
    record Released() implements Phase {}
}
