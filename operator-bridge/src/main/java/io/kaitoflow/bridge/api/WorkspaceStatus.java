package io.kaitoflow.bridge.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.kubernetes.api.model.Condition;
import io.kaitoflow.bridge.api.schema.ConditionSchema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What users see of a workspace. Always written whole, by one writer. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record WorkspaceStatus(
        @JsonPropertyDescription("The machines that are leased.")
        List<String> workerNodes,

        @JsonPropertyDescription("One word: Pending, Running, Ready, NotReady, Succeeded or Failed.") @Nullable
        String state,

        @JsonPropertyDescription("How many machines are wanted.") @Nullable
        Integer targetNodeCount,

        @JsonPropertyDescription("The generation of the object that this status answers.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("The step that runs now.") @Nullable
        String phase,

        @JsonPropertyDescription("The workflow in Temporal.") @Nullable
        String workflowId,

        @JsonPropertyDescription("The present run of that workflow.") @Nullable
        String runId,

        @JsonPropertyDescription("How far the present step is.") @Nullable
        Progress progress,

        @JsonPropertyDescription("What was spent, and at which rate.") @Nullable
        Cost cost,

        @JsonPropertyDescription("What providers answered when machines were asked for, oldest first.")
        List<Attempt> attempts,

        @JsonPropertyDescription("The adapter that was pushed.") @Nullable
        Output output,

        @JsonPropertyDescription("The address where the model answers.") @Nullable
        String endpoint,

        @JsonPropertyDescription("The tuned model against its base on rows that were held out.") @Nullable
        Evaluation evaluation,

        @JsonPropertyDescription("How fast the served model is.") @Nullable
        Performance performance,

        @SchemaFrom(type = ConditionSchema[].class)
        @JsonPropertyDescription(
                "One entry for each of NodeClaimReady, NodesReady, ResourceReady, DatasetReady, JobStarted, "
                        + "OutputPushed, InferenceReady, WorkspaceReady, WorkspaceSucceeded and WorkspaceDeleting.")
        List<Condition> conditions) {

    public WorkspaceStatus {
        workerNodes = Absent.asEmpty(workerNodes);
        attempts = Absent.asEmpty(attempts);
        conditions = Absent.asEmpty(conditions);
    }

    /** How far the step is that runs. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Progress(
            @JsonPropertyDescription("All of it in one line, as the column PROGRESS shows it.")
            String text,

            @JsonPropertyDescription("Optimiser steps that are done.")
            long step,

            @JsonPropertyDescription("Optimiser steps in all.")
            long totalSteps,

            @JsonPropertyDescription("Passes over the data that are done.")
            double epoch,

            @JsonPropertyDescription("Mean loss of the newest steps.") @Nullable
            Double loss,

            @JsonPropertyDescription("Training tokens per second.") @Nullable
            Double tokensPerSecond,

            @JsonPropertyDescription("Time that is left, e.g. 1h20m.") @Nullable
            String eta,

            @JsonPropertyDescription("The step of the newest checkpoint.")
            long checkpointStep,

            @JsonPropertyDescription("How often the work went on from a checkpoint.")
            int resumes) {}

    /** What machines cost. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Cost(
            @JsonPropertyDescription("All of it in one line, as the column COST shows it.")
            String text,

            @JsonPropertyDescription("US dollars so far, over all machines.") @Nullable
            Double spentUsd,

            @JsonPropertyDescription("US dollars an hour at present.") @Nullable
            Double hourlyUsd,

            @JsonPropertyDescription("The bound of annotation kaito.sh/budget-usd.") @Nullable
            Double budgetUsd,

            @JsonPropertyDescription("Said when most of a bound of money or time is used up.") @Nullable
            String warning) {}

    /** One try to get a machine. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Attempt(
            @JsonPropertyDescription("The machine type that was asked for.")
            String instanceType,

            @JsonPropertyDescription("The zone, where one was named.") @Nullable
            String zone,

            @JsonPropertyDescription("What the provider answered.")
            String answer,

            @JsonPropertyDescription("When, in RFC 3339.") String time) {}

    /** A pushed adapter image. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Output(
            @JsonPropertyDescription("The reference that it was pushed as.")
            String image,

            @JsonPropertyDescription("The digest of its manifest.")
            String digest,

            @JsonPropertyDescription(
                    "Hash of what it was made from. Should the workflow be lost, its successor takes the adapter over while "
                            + "the Workspace still asks for the same, and tunes again only when it does not.")
            @Nullable
            String madeFrom) {}

    /** A metric of the base model and of the tuned one. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Evaluation(
            @JsonPropertyDescription("The base model's; lower is better.") @Nullable
            Double base,

            @JsonPropertyDescription("The tuned model's; lower is better.") @Nullable
            Double tuned,

            @JsonPropertyDescription("What was measured.") String metric) {}

    /** Measurements of the served model, by name. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Performance(
            @JsonPropertyDescription("Measurements by name, e.g. peakTokensPerMinute.")
            Map<String, Metric> metrics) {

        public Performance {
            metrics = Absent.asEmpty(metrics);
        }
    }

    /** One measurement. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Metric(
            @JsonPropertyDescription("What was measured under which load.")
            String description,

            @JsonPropertyDescription("The number, as text.") String value,

            @JsonPropertyDescription("Its unit, e.g. tokens/min.") @Nullable
            String unit,

            @JsonPropertyDescription("Settings of the measurement.")
            Map<String, String> config) {

        public Metric {
            config = Absent.asEmpty(config);
        }
    }
}
