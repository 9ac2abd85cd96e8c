package io.kaitoflow.workflows.workspace.ledger;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.kaitoflow.workflows.nodes.NodeRequest;
import io.kaitoflow.workflows.rollout.TunerHandle;
import java.util.Optional;
import java.util.function.Function;

/** Something that was taken, or perhaps was, and must be given back. Noted before the call that takes it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Undo.Release.class, name = "release"),
    @JsonSubTypes.Type(value = Undo.StopTuner.class, name = "stopTuner"),
    @JsonSubTypes.Type(value = Undo.Retire.class, name = "retire")
})
public sealed interface Undo {

    /** What it is, and how its provider calls it. */
    default String what(Function<NodeRequest, String> claimName, Optional<TunerHandle> tuner) {
        return switch (this) {
            case Release(NodeRequest request) ->
                "machine " + request.option().instanceType() + " (claim " + claimName.apply(request) + ")";
            case StopTuner _ ->
                "tuner" + tuner.map(handle -> " " + handle.name()).orElse("");
            case Retire _ -> "server";
        };
    }

    /** A claim on machines. */
    record Release(NodeRequest request) implements Undo {}

    /** The tuner on the leased machine. */
    record StopTuner() implements Undo {}

    /** The server on the leased machine. */
    record Retire() implements Undo {}
}
