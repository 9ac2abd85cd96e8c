package io.kaitoflow.workflows.status;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.kaitoflow.workflows.failure.Failure;
import java.util.Objects;

/** How far a workspace has come. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "name")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Phase.Accepted.class, name = "Accepted"),
    @JsonSubTypes.Type(value = Phase.Preflight.class, name = "Preflight"),
    @JsonSubTypes.Type(value = Phase.Provisioning.class, name = "Provisioning"),
    @JsonSubTypes.Type(value = Phase.Queued.class, name = "Queued"),
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
            case Accepted _, Preflight _, Queued _, Provisioning _, Fetching _, Tuning _ -> false;
            case Evaluating _, Publishing _, RollingOut _, Releasing _ -> false;
        };
    }

    /**
     * Whether a run may go from this phase to {@code next}. An edit can take a run from anywhere to any step; but nothing ends
     * without giving back first, and nothing comes after the end.
     */
    default boolean mayBecome(Phase next) {
        return switch (this) {
            case Released _ -> false;
            case Releasing _ -> !(next instanceof Serving);
            case Accepted _, Preflight _, Queued _, Provisioning _, Fetching _, Tuning _ -> !(next instanceof Released);
            case Evaluating _, Publishing _, RollingOut _, Serving _ -> !(next instanceof Released);
            case Completed _, Paused _, Failed _, Cancelled _ -> !(next instanceof Released);
        };
    }

    /** One sentence for people: what is done or waited for. */
    default String explanation() {
        return switch (this) {
            case Accepted _ -> "the wish arrived and is planned";
            case Preflight _ -> "data, model, registry and memory are looked at, before anything is bought";
            case Queued queued -> queued.instanceType() + ", " + queued.reason();
            case Provisioning provisioning -> provisioning.instanceType() + ", " + provisioning.reason();
            case Fetching _ -> "model and data come to the machine";
            case Tuning tuning ->
                "steps are taken; restarts from a checkpoint so far: " + tuning.resumes()
                        + (tuning.remark().isEmpty() ? "" : ". " + tuning.remark());
            case Evaluating _ -> "the tuned model is compared with its base on held-out rows";
            case Publishing _ -> "the adapter image is pushed and pulled back";
            case RollingOut _ -> "the server starts";
            case Serving _ -> "the model answers; waits for a change";
            case Completed _ -> "the adapter is pushed and the machine given back; waits for a change";
            case Paused paused ->
                paused.reason() + " The work is kept; waits for a change, or for resume where a person paused it";
            case Failed failed -> failed.failure().sentence() + " Waits for a change or retry";
            case Cancelled cancelled -> cancelled.reason() + " Waits for retry";
            case Releasing _ -> "everything leased is given back";
            case Released _ -> "nothing is left";
        };
    }

    /** What comes when this is over and all is well; empty where nothing does before someone says something, and at the end. */
    default String next() {
        return switch (this) {
            case Accepted _ -> "data, model, registry and memory are looked at";
            case Preflight _ -> "a machine is claimed";
            case Queued _ -> "a machine is claimed";
            case Provisioning _ -> "tuner or server start there";
            case Fetching _ -> "steps are taken";
            case Tuning _ -> "the tuned model is compared with its base";
            case Evaluating _ -> "the adapter image is pushed";
            case Publishing _ -> "the server starts, or the machine goes back";
            case RollingOut _ -> "the model answers";
            case Releasing _ -> "the object may go";
            case Serving _, Completed _, Paused _, Failed _, Cancelled _, Released _ -> "";
        };
    }

    /** Markdown for whoever opens the run: what is done or waited for, why, and what comes next. */
    default String details() {
        String now = switch (this) {
            case Provisioning(String instanceType, String reason) -> "waits for " + instanceType + ". " + reason;
            case Queued(String instanceType, String _, String reason) -> "wants " + instanceType + ". " + reason;
            case Tuning _ -> explanation() + ". Step and loss stand under *Pending Activities*.";
            default -> explanation();
        };
        return "**" + label() + "**: " + now + (next().isEmpty() ? "" : "\n\nNext: " + next() + ".");
    }

    /** The wish arrived. */
    record Accepted() implements Phase {}

    /** Data, model, registry and memory are looked at. */
    record Preflight() implements Phase {}

    /** The namespace is at its cap; {@code turn} is the place in its queue, {@code reason} says that and who holds what. */
    record Queued(String instanceType, String turn, String reason) implements Phase {}

    /** A machine is claimed; {@code reason} says what is waited for. */
    record Provisioning(String instanceType, String reason) implements Phase {

        /** The reason once the machine is there. */
        public static final String TUNER_STARTS = "The tuner starts.";
    }

    /** Model and data come to the machine. */
    record Fetching() implements Phase {}

    /** Steps are taken; {@code resumes} counts restarts from a checkpoint, {@code remark} says what is not as it was asked for. */
    record Tuning(int resumes, String remark) implements Phase {

        public Tuning {
            // Absent from what older runs said.
            remark = Objects.requireNonNullElse(remark, "");
        }

        /** All is as it was asked for. */
        public Tuning(int resumes) {
            this(resumes, "");
        }
    }

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
