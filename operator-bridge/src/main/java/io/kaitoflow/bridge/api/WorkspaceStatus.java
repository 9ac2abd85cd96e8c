package io.kaitoflow.bridge.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What users see of a workspace. Always written whole, by one writer.
 *
 * @param workerNodes machines that are leased
 * @param state one word: Pending, Running, Ready, NotReady, Succeeded or Failed
 * @param targetNodeCount machines that are wanted
 * @param observedGeneration of the object that this status answers
 * @param phase of the workflow
 * @param workflowId in Temporal
 * @param progress of the step that runs
 * @param attempts what providers answered
 * @param output what was pushed
 * @param endpoint where the model answers
 * @param evaluation base against tuned
 * @param conditions keyed by type
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record WorkspaceStatus(
        List<String> workerNodes,
        @Nullable String state,
        @Nullable Integer targetNodeCount,
        @Nullable Long observedGeneration,
        @Nullable String phase,
        @Nullable String workflowId,
        @Nullable Progress progress,
        List<Attempt> attempts,
        @Nullable Output output,
        @Nullable String endpoint,
        @Nullable Evaluation evaluation,
        List<Condition> conditions) {

    public WorkspaceStatus {
        workerNodes = Absent.asEmpty(workerNodes);
        attempts = Absent.asEmpty(attempts);
        conditions = Absent.asEmpty(conditions);
    }

    /** How far the step is that runs; {@code text} is what the column shows. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Progress(
            String text,
            long step,
            long totalSteps,
            double epoch,
            @Nullable Double loss,
            @Nullable Double tokensPerSecond,
            @Nullable String eta,
            long checkpointStep,
            int resumes) {}

    /** One try to get a machine: what was asked for, what was answered, when (RFC 3339). */
    public record Attempt(String instanceType, String answer, String time) {}

    /** A pushed adapter image and the digest of its manifest. */
    public record Output(String image, String digest) {}

    /** A metric of the base model and of the tuned one; lower is better. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Evaluation(
            @Nullable Double base, @Nullable Double tuned, String metric) {}
}
