package io.kaitoflow.workflows.request;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What a workspace asks for. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = WorkspaceGoal.Serve.class, name = "serve"),
    @JsonSubTypes.Type(value = WorkspaceGoal.ServeTemplate.class, name = "serveTemplate"),
    @JsonSubTypes.Type(value = WorkspaceGoal.Tune.class, name = "tune"),
    @JsonSubTypes.Type(value = WorkspaceGoal.TuneThenServe.class, name = "tuneThenServe")
})
public sealed interface WorkspaceGoal {

    /** The base model that is tuned or served. */
    ModelReference model();

    /** What is trained; empty when nothing is. */
    default Optional<TuningJob> tuning() {
        return switch (this) {
            case Serve _, ServeTemplate _ -> Optional.empty();
            case Tune tune -> Optional.of(tune.job());
            case TuneThenServe tune -> Optional.of(tune.job());
        };
    }

    /** How much the server takes on. */
    default ServingLimits limits() {
        return switch (this) {
            case Serve serve -> serve.limits();
            case ServeTemplate _, Tune _, TuneThenServe _ -> ServingLimits.none();
        };
    }

    /** Whether adapters are named that lie in volumes. */
    default boolean servesFromVolumes() {
        return this instanceof Serve serve
                && serve.adapters().stream()
                        .anyMatch(adapter -> adapter.volume().isPresent());
    }

    /** The pod that serves, where its owner wrote it. */
    default Optional<String> template() {
        return this instanceof ServeTemplate own ? Optional.of(own.pod()) : Optional.empty();
    }

    /** Whether a model answers in the end. */
    default boolean serves() {
        return !(this instanceof Tune);
    }

    /** Serve a preset with adapters that exist already. */
    record Serve(ModelReference model, List<AdapterReference> adapters, ServingLimits limits) implements WorkspaceGoal {
        public Serve {
            adapters = List.copyOf(adapters);
            // Absent from wishes of earlier releases.
            limits = Objects.requireNonNullElseGet(limits, ServingLimits::none);
        }

        /** As much as the server takes on by itself. */
        public Serve(ModelReference model, List<AdapterReference> adapters) {
            this(model, adapters, ServingLimits.none());
        }
    }

    /**
     * Serve with a pod of the owner's own.
     *
     * @param pod a template of Kubernetes in JSON, its keys in order, as its owner wrote it
     */
    record ServeTemplate(String pod) implements WorkspaceGoal {
        /** Stands for whatever the pod serves. */
        @Override
        public ModelReference model() {
            return new ModelReference("template", Optional.empty());
        }
    }

    /** Tune, push, and end. */
    record Tune(TuningJob job) implements WorkspaceGoal {
        @Override
        public ModelReference model() {
            return job.model();
        }
    }

    /** Tune, push, and serve what was tuned. */
    record TuneThenServe(TuningJob job) implements WorkspaceGoal {
        @Override
        public ModelReference model() {
            return job.model();
        }
    }
}
